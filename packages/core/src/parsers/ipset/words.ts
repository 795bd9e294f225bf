/** The words of a line of `ipset save`, or undefined when a quote is not closed. Quotes are taken off; ipset knows no escapes. */
export function splitWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let index = 0;
  while (index < line.length) {
    if (line[index] === ' ') {
      index++;
      continue;
    }
    const isQuoted = line[index] === '"';
    const start = isQuoted ? index + 1 : index;
    const found = line.indexOf(isQuoted ? '"' : ' ', start);
    if (found < 0 && isQuoted) return undefined;
    const end = found < 0 ? line.length : found;
    words.push(line.slice(start, end));
    index = end + 1;
  }
  return words;
}
