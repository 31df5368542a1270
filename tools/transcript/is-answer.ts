/** Compares what a command wrote with what a page says: `…` stands for any text within a line, a line of nothing else for any number of lines. */
export function isAnswer(expected: string, written: string): boolean {
  const parts = expected
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(literally).join('.*?')}\\n`));
  return new RegExp(`^${parts.join('')}$`).test(`${written.replaceAll('\r', '').trim()}\n`);
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
