import type { Finding, FindingRemedy } from '../../model/finding.ts';
import type { Subject } from '../../model/subject.ts';

/** One remedy and the subjects it is ready for. */
export interface OfferedRemedy {
  readonly remedy: FindingRemedy;
  readonly subjects: readonly Subject[];
}

/** The remedies of several findings of one issue, in the order of the entry; equal ones once. */
export function remediesOf(findings: readonly Finding[]): readonly OfferedRemedy[] {
  const offered = new Map<string, { remedy: FindingRemedy; order: number; subjects: Subject[] }>();
  for (const { remedies, subject } of findings) {
    for (const [order, remedy] of remedies.entries()) {
      const key = JSON.stringify(remedy);
      const known = offered.get(key);
      if (known === undefined) offered.set(key, { remedy, order, subjects: [subject] });
      else known.subjects.push(subject);
    }
  }
  return [...offered.values()].sort((a, b) => a.order - b.order);
}
