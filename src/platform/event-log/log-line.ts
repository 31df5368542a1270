/** How an adapter tells an operator what it rides out by itself; who opens the adapter decides where the line goes. */
export type LogLine = (level: LogLevel, fields: Readonly<Record<string, unknown>>, message: string) => void;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
