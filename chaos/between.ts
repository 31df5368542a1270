/** Replaces what stands between the marks `<!-- name -->` and `<!-- /name -->` of a document, each on a line of its own. Throws where they are not there, once, in this order. */
export function between(text: string, name: string, content: string): string {
  const [before, rest, ...more] = text.split(`<!-- ${name} -->\n`);
  const [, after, ...again] = rest?.split(`<!-- /${name} -->`) ?? [];
  if (before === undefined || after === undefined || more.length + again.length > 0)
    throw new Error(`no place for ${name} between marks of its own`);
  return `${before}<!-- ${name} -->\n\n${content.trim()}\n\n<!-- /${name} -->${after}`;
}
