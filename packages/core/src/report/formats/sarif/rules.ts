import { componentOf, type Issue } from '../../../model/issue.ts';
import type { Severity } from '../../../model/severity.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { printable } from '../../shared/unprintable.ts';
import { isWebAddress } from '../../shared/web-address.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** What a severity is in SARIF, which knows three. */
export function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  return LEVELS[severity];
}

/** An issue as a SARIF rule, with the knowledge of the entry as help. */
export function ruleOf({ id, title, severity, issue }: IssueGroup) {
  const [reference] = issue?.references.filter(isWebAddress) ?? [];
  return {
    id,
    name: id.replaceAll(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9]|$)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: printable(title) },
    fullDescription: { text: printable(issue?.summary ?? title) },
    ...(reference === undefined ? {} : { helpUri: reference }),
    ...(issue === undefined ? {} : { help: helpOf(issue) }),
    defaultConfiguration: { level: levelOf(severity) },
    properties: { tags: [...new Set([componentOf(id), 'kubernetes', 'network'])], severity },
  };
}

function helpOf({ mechanism, remedies, verify, references }: Issue) {
  const todo = remedies.map(
    ({ text, command }) => `${text}${command === undefined ? '' : ` Command: ${command}`}`,
  );
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['Why it happens', [mechanism]],
    ['What to do', todo],
    ['How to check', verify],
    ['References', references],
  ];
  const text = parts
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => `${heading}:\n${lines.map((line) => `- ${printable(line)}`).join('\n')}`);
  return { text: text.join('\n\n') };
}
