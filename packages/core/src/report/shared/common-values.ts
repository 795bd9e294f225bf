import type { Finding } from '../../model/finding.ts';

/** More would be a list again. */
const MOST = 3;
const LONGEST = 48;
/** What tells hosts apart comes first. */
const TELLING = [/^kernel$/, /^(?:distribution|operating-system|os)\b/, /^version\./, /\.mode$/];

/**
 * What several subjects have in common, in a few words: the facts of which all have the same value, such as
 * `kernel 4.18.0-305.el8`. Empty for a single finding.
 */
export function commonValues(findings: readonly Finding[]): readonly string[] {
  const [first, ...others] = findings;
  if (first === undefined || others.length === 0) return [];
  const shared = new Map(first.because.map(({ fact, value }) => [fact, value]));
  for (const { because } of others) {
    const own = new Map(because.map(({ fact, value }) => [fact, value]));
    for (const [fact, value] of shared) if (own.get(fact) !== value) shared.delete(fact);
  }
  return [...shared]
    .map(([fact, value]) => ({ fact, text: `${labelOf(fact)} ${shortValue(value)}`, value }))
    .filter(({ fact, text, value }) => text.length <= LONGEST && tells(fact, value))
    .sort((a, b) => rankOf(a.fact) - rankOf(b.fact))
    .slice(0, MOST)
    .map(({ text }) => text);
}

/** That a component is there, or that nothing was found, sets no subject apart. */
function tells(fact: string, value: string): boolean {
  return (
    !/^(?:component|objects|logs)\b/.test(fact) &&
    !/^(?:none\b|no |not |true$|false$|installed$|unknown$|\d+: )/.test(value)
  );
}

function rankOf(fact: string): number {
  const rank = TELLING.findIndex((pattern) => pattern.test(fact));
  return rank < 0 ? TELLING.length : rank;
}

/** `version.kube-proxy` is the version of kube-proxy, `sysctl(net.ipv4.ip_forward)` that setting. */
function labelOf(fact: string): string {
  const parameter = /^[a-z.-]+\((.+)\)$/s.exec(fact)?.[1];
  return parameter ?? fact.replace(/^version\./, '').replaceAll('.', ' ');
}

/** Without the remark that follows a value in brackets. */
function shortValue(value: string): string {
  return value.replace(/ \(.*\)$/s, '');
}
