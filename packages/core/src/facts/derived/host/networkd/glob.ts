/** Compares like the shell patterns of systemd: `*`, `?` and `[a-z]`, whole text. A set that makes no sense fits nothing. */
export function fitsGlob(pattern: string, text: string): boolean {
  const source = pattern.replace(
    /\[(!?)([^\]]*)\]|[*?]|[^*?[]+|\[/g,
    (part: string, not?: string, set?: string) => {
      if (part === '*') return '.*';
      if (part === '?') return '.';
      return set === undefined
        ? literal(part)
        : `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
    },
  );
  try {
    return new RegExp(`^${source}$`, 's').test(text);
  } catch {
    return false;
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.|+(){}[\]/-]/g, '\\$&');
}
