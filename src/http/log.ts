/** The part of a logger that HTTP needs; pino fits. Fields never hold account ids, secrets, queries or bodies. */
export type HttpLog = {
  readonly debug: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
};
