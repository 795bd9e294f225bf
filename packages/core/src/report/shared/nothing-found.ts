import type { Report } from '../../model/report.ts';
import { countOf } from './words.ts';

/** That nothing was found, saying only as much as could be decided; undefined where something was. */
export function nothingFoundText({ summary }: Report): string | undefined {
  const { affected, unknown, mitigated, notAffected } = summary;
  if (affected > 0) return undefined;
  if (unknown === 0) return 'No known issue affects what was scanned.';
  if (mitigated + notAffected === 0) {
    return 'Nothing could be decided: too little evidence to rule any known issue in or out.';
  }
  return `No known issue was found, but ${countOf(unknown, 'issue')} could not be ruled out.`;
}
