import type { CoverageItem } from '../../model/coverage.ts';
import type { Finding, MissingFact } from '../../model/finding.ts';
import type { Subject } from '../../model/subject.ts';
import { wantedEvidence } from './wanted-evidence.ts';

/**
 * What was not collected, of that which findings `unknown` ask for, in the order of the findings.
 * What `listed` has already, for example as damaged, is left out.
 */
export function missingCoverage(
  findings: readonly Finding[],
  cluster: Subject,
  listed: readonly CoverageItem[],
): readonly CoverageItem[] {
  const known = new Set(listed.map(({ subject, probe }) => keyOf(subject, probe)));
  const added = new Map<string, CoverageItem>();
  // Thousands of nodes lack the same facts: what was looked at is not looked at again.
  const seen = new Map<string, Set<string>>();
  for (const finding of findings) {
    if (finding.verdict !== 'unknown') continue;
    for (const missing of finding.missing) {
      const facts = entryOf(seen, placeOf(missing, finding.subject));
      if (facts.has(missing.fact)) continue;
      facts.add(missing.fact);
      const subject = subjectOf(missing, finding.subject, cluster);
      for (const { probe, member } of wantedEvidence(missing)) {
        const key = keyOf(subject, probe, member);
        if (known.has(keyOf(subject, probe)) || added.has(key)) continue;
        added.set(key, {
          subject,
          probe,
          status: 'not-collected',
          ...(member === undefined ? {} : { reason: `for ${member}` }),
        });
      }
    }
  }
  return [...added.values()];
}

function entryOf(seen: Map<string, Set<string>>, place: string): Set<string> {
  let facts = seen.get(place);
  if (facts === undefined) {
    facts = new Set();
    seen.set(place, facts);
  }
  return facts;
}

/** A text for the subject that {@link subjectOf} gives. */
function placeOf({ where }: MissingFact, { kind, name }: Subject): string {
  return where === undefined || where.startsWith('node ') ? (where ?? '') : `${kind} ${name}`;
}

function keyOf({ kind, name }: Subject, probe: string, member = ''): string {
  return JSON.stringify([kind, name, probe, member]);
}

/** A fact of a node names the node; objects belong to the cluster. */
function subjectOf({ where }: MissingFact, subject: Subject, cluster: Subject): Subject {
  if (where === undefined) return cluster;
  return where.startsWith('node ') ? { kind: 'node', name: where.slice('node '.length) } : subject;
}
