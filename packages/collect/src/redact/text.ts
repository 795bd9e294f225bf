/** Lower case of ASCII letters only, so that places in the text stay the same. */
export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Where the text of a line starts, behind blanks and the dashes of a YAML list. */
export function indentOf(line: string): number {
  return /^[ \t]*(- +)*/.exec(line)?.[0].length ?? 0;
}

/** Length without blanks and a carriage return at the end. */
export function trimmedLength(text: string): number {
  let end = text.length;
  while (end > 0 && /[ \t\r]/.test(text.charAt(end - 1))) end--;
  return end;
}
