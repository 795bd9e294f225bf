import type { Finding } from '../../../model/finding.ts';
import { type ProvenValue, placeText, proofOf } from '../../shared/proof.ts';
import { namesText } from '../../shared/where.ts';
import { countOf } from '../../shared/words.ts';
import { GUTTER, type Page } from './page.ts';

/** Values of one condition, and places of one value, shown when not everything is asked for. */
const FEW_VALUES = 4;
const FEW_PLACES = 2;
const PLACE_COLUMN = GUTTER + 32;

/** The conditions with their values; equal values once, with the place on the first subject. */
export function addProof(page: Page, findings: readonly Finding[], whole: boolean): void {
  for (const [index, { condition, values }] of proofOf(findings).entries()) {
    page.row(index === 0 ? 'proof' : '', condition);
    const shown = whole ? values : values.slice(0, FEW_VALUES);
    for (const value of shown) addValue(page, value, value.subjects.length < findings.length, whole);
    if (shown.length < values.length) {
      page.text(`${countOf(values.length - shown.length, 'other value')} (--verbose shows them)`, {
        indent: GUTTER + 2,
        style: 'dim',
      });
    }
  }
}

function addValue(page: Page, proven: ProvenValue, onSome: boolean, whole: boolean): void {
  const { value, result, uncertain, subjects } = proven;
  const answer = result === 'no' ? ' (no)' : result === 'unknown' ? ' (not known)' : '';
  const names = onSome ? `${namesText(subjects, whole)}: ` : '';
  page.pair(`= ${value}${answer}`, `${names}${placesText(proven, whole)}`, GUTTER + 2, PLACE_COLUMN);
  if (uncertain !== undefined) page.text(`not certain: ${uncertain}`, { indent: GUTTER + 4, hang: 2 });
}

function placesText({ evidence, alike }: ProvenValue, whole: boolean): string {
  const places = (whole ? evidence : evidence.slice(0, FEW_PLACES)).map(placeText);
  const left = evidence.length - places.length;
  if (left > 0) places.push(`${left} more`);
  const others = alike === 0 ? '' : `; ${alike} more alike`;
  return `${places.join(', ') || 'no place in the evidence'}${others}`;
}
