import type { Basis } from '../../model/finding.ts';
import type { Subject } from '../../model/subject.ts';

/** `1 issue`, `2 issues`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** A subject by kind and name: `node n1`, `Namespace kube-system`. */
export function subjectText({ kind, name, objectKind }: Subject): string {
  return `${objectKind ?? kind} ${name}`;
}

/** How many subjects of each kind: `212 of 340 nodes`, `3 Services and the cluster`. `nodes` is the number in all. */
export function subjectCounts(subjects: readonly Subject[], nodes: number): string {
  const kinds = new Map<string, number>();
  for (const { kind, objectKind } of subjects) {
    const name = objectKind ?? kind;
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
  }
  return joinWords(
    [...kinds].map(([kind, count]) => {
      if (kind === 'cluster') return 'the cluster';
      if (kind === 'node' && nodes > 1) return `${count === nodes ? 'all' : `${count} of`} ${nodes} nodes`;
      return countOf(count, kind, pluralOf(kind));
    }),
  );
}

/** `NetworkPolicy` gives `NetworkPolicies`, `Ingress` gives `Ingresses`. */
function pluralOf(kind: string): string {
  if (kind.endsWith('y')) return `${kind.slice(0, -1)}ies`;
  return kind.endsWith('s') ? `${kind}es` : `${kind}s`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What a basis says, in words. */
export const BASIS_TEXT: Readonly<Record<Basis, string>> = {
  observed: 'the defect itself is in the evidence',
  exposed: 'every precondition is proven; whether it strikes depends on load or time',
  suspected: 'the preconditions hold, but one of them is not certain',
};
