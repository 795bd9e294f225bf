/** A word of a command line as a shell would split it. */
export interface Word {
  readonly text: string;
  readonly line: number;
}

/**
 * Splits one line into words: white space separates, single and double quotes keep together, a backslash takes the next
 * character literally. `closed` is false when a quote is not closed; the word then goes to the end of the line.
 */
export function splitWords(
  text: string,
  line: number,
): { readonly words: readonly Word[]; readonly closed: boolean } {
  const words: Word[] = [];
  let quote = '';
  // Undefined between words; the empty string is a word, as in `--a ""`.
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && quote !== "'") {
      at++;
      word = (word ?? '') + text.charAt(at);
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push({ text: word, line });
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push({ text: word, line });
  return { words, closed: quote === '' };
}
