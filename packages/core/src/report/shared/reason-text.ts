import type { Finding } from '../../model/finding.ts';
import { placeText } from './proof.ts';
import { printable } from './unprintable.ts';
import { BASIS_TEXT, subjectText } from './words.ts';

/** Who has the finding and how sure it is, in one printable line. */
export function verdictText({ subject, verdict, basis }: Finding): string {
  const sure = basis === undefined ? '' : `, ${basis}: ${BASIS_TEXT[basis]}`;
  return printable(`${subjectText(subject)} is ${verdict === 'unknown' ? 'not decided' : verdict}${sure}`);
}

/** The proof of one finding, a printable line for each condition. */
export function reasonLines({ because }: Finding): readonly string[] {
  return because.map(({ condition, value, uncertain, evidence }) => {
    const places = evidence.map(placeText).join(', ');
    const doubt = uncertain === undefined ? '' : ` (not certain: ${uncertain})`;
    return printable(`${condition}: ${value}${doubt}${places === '' ? '' : ` [${places}]`}`);
  });
}

/** What would settle a finding, a printable line for each fact. */
export function missingLines({ missing }: Finding): readonly string[] {
  return missing.map(({ fact, command, where }) =>
    printable(`${fact}: ${command}${where === undefined ? '' : ` (${where})`}`),
  );
}
