/** What the HTTP layer tells about itself: traffic, errors and latency by route, and its event streams. Who counts is handed in. */
export type HttpMetrics = {
  readonly requestStarted: () => void;
  /** Once for each start. A stream's time is not told: it lasts as long as its reader likes. */
  readonly requestEnded: (request: EndedRequest) => void;
  readonly streamsOpen: (count: number) => void;
  readonly frameSent: () => void;
  readonly streamCut: (reason: 'stalled' | 'failed') => void;
  readonly parserError: (code: string) => void;
};

export type EndedRequest = {
  readonly method: string;
  /** The pattern, never what was asked; `unmatched` where there is none. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number | undefined;
};

/** The text that `/metrics` answers with. */
export type Exposition = { readonly contentType: string; readonly metrics: () => Promise<string> };
