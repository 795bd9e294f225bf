/**
 * Names of chain priorities; bridge has numbers of its own.
 * https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks#Priority_within_hook
 */
const NAMES: ReadonlyMap<string, number> = new Map([
  ['raw', -300],
  ['mangle', -150],
  ['dstnat', -100],
  ['filter', 0],
  ['security', 50],
  ['srcnat', 100],
]);

const BRIDGE_NAMES: ReadonlyMap<string, number> = new Map([
  ['dstnat', -300],
  ['filter', -200],
  ['out', 100],
  ['srcnat', 300],
]);

/** The number of `dstnat`, `filter + 10`, `-110`, …; undefined when it is none of these. */
export function priorityOf(words: readonly string[], family: string): number | undefined {
  const [name = '', sign, distance = ''] = words;
  const base = (family === 'bridge' ? BRIDGE_NAMES : NAMES).get(name) ?? integerOf(name);
  if (sign === undefined) return base;
  const offset = integerOf(distance);
  if (base === undefined || offset === undefined || words.length !== 3) return undefined;
  if (sign === '+') return base + offset;
  return sign === '-' ? base - offset : undefined;
}

function integerOf(text: string): number | undefined {
  return /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
}
