/** Reads the commands of a Markdown page, each with the answer that the page says it gives: a block `sh transcript` and the block `… answer` right after it. */
export type Step = {
  /** Line of the page on which the commands begin. */
  readonly line: number;
  readonly commands: string;
  /** undefined where the page shows none. */
  readonly answer: string | undefined;
  /** Runs on beside the steps that follow, as in a terminal of its own; its answer is the one that it has given in the end. */
  readonly beside: boolean;
};

type Block = { readonly line: number; readonly info: string; readonly text: string };

export function readTranscript(page: string): readonly Step[] {
  const all = blocks(page);
  return all.flatMap((block, index) => {
    const [language, ...words] = block.info.split(' ');
    if (language !== 'sh' || words[0] !== 'transcript') return [];
    const next = all[index + 1];
    const answer = next?.info.endsWith(' answer') === true ? next.text : undefined;
    return [{ line: block.line, commands: block.text, answer, beside: words[1] === 'beside' }];
  });
}

function blocks(page: string): readonly Block[] {
  const found: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  for (const [index, line] of page.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { line: index + 2, info: fence[1]?.trim() ?? '', lines: [] };
    else {
      found.push({ line: open.line, info: open.info, text: open.lines.join('\n') });
      open = undefined;
    }
  }
  return found;
}
