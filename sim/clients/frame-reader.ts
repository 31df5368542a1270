/** Cuts the text of an event stream into frames, as an EventSource does: a frame that did not arrive whole never was. */
export type Frame = { readonly id: string | undefined; readonly event: string; readonly data: string };

export class FrameReader {
  readonly #take: (frame: Frame) => void;
  #rest = '';

  constructor(take: (frame: Frame) => void) {
    this.#take = take;
  }

  feed(text: string): void {
    const frames = (this.#rest + text).split('\n\n');
    this.#rest = frames.pop() ?? '';
    for (const frame of frames) this.#take(parse(frame));
  }
}

function parse(frame: string): Frame {
  let [id, event, data]: [string | undefined, string, string] = [undefined, '', ''];
  for (const line of frame.split('\n')) {
    const colon = line.indexOf(': ');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 2)];
    if (name === 'id') id = value;
    if (name === 'event') event = value;
    if (name === 'data') data = value;
  }
  return { id, event, data };
}
