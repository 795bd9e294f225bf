/** Whole numbers from `first` to `last`, both included: ports, marks, lengths. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

const ALL_PORTS: NumberRange = { first: 0, last: 65_535 };

/**
 * Reads `80`, `1024:2047`, `1024-2047`, and the open forms `:1023` and `1024:` of iptables.
 * Undefined for names and for ranges that run backwards.
 */
export function parseNumberRange(text: string, limits: NumberRange = ALL_PORTS): NumberRange | undefined {
  const match = /^(\d{0,10})(?:([:-])(\d{0,10}))?$/.exec(text);
  if (match === null) return undefined;
  const [, first = '', separator, last = ''] = match;
  if (first === '' && last === '') return undefined;
  const range =
    separator === undefined
      ? { first: Number(first), last: Number(first) }
      : {
          first: first === '' ? limits.first : Number(first),
          last: last === '' ? limits.last : Number(last),
        };
  const isInside = range.first >= limits.first && range.last <= limits.last;
  return isInside && range.first <= range.last ? range : undefined;
}

/** Whether a number lies in a range. */
export function rangeContains(range: NumberRange, value: number): boolean {
  return value >= range.first && value <= range.last;
}
