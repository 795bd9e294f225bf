import { type Issue, listIssues, type Severity } from '@netvet/core';
import { chooseIssues, loadPack } from '../catalogue.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { textWidth, wantsColour } from '../terminal.ts';
import { writeOutput } from '../write-output.ts';

interface Options {
  readonly severity?: Severity;
  readonly component?: readonly string[];
  readonly issue?: readonly string[];
  readonly catalogue?: string;
  readonly output: string;
  readonly color?: boolean;
}

/** `netvet issues [WORDS…]`: the entries in which every word occurs. */
export async function listKnownIssues(words: readonly string[], options: Options): Promise<ExitCode> {
  const pack = await loadPack(options.catalogue);
  const found = chooseIssues(pack.issues, options).filter((issue) => hasWords(issue, words));
  const text =
    options.output === 'json'
      ? JSON.stringify(found, null, 2)
      : listIssues(found, { colour: wantsColour(options), width: textWidth() });
  await writeOutput(text, undefined);
  return EXIT.ok;
}

function hasWords(issue: Issue, words: readonly string[]): boolean {
  const symptoms = issue.symptoms.map(({ text }) => text);
  const text = [issue.id, ...(issue.aliases ?? []), issue.title, issue.summary, ...symptoms]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word.toLowerCase()));
}
