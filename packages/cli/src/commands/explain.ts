import { explainIssue } from '@netvet/core';
import { issueById, loadPack } from '../catalogue.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { textWidth, wantsColour } from '../terminal.ts';
import { writeOutput } from '../write-output.ts';

interface Options {
  readonly catalogue?: string;
  readonly output: string;
  readonly color?: boolean;
}

/** `netvet explain ISSUE` */
export async function explain(id: string, options: Options): Promise<ExitCode> {
  const issue = issueById((await loadPack(options.catalogue)).issues, id);
  const text =
    options.output === 'json'
      ? JSON.stringify(issue, null, 2)
      : explainIssue(issue, { colour: wantsColour(options), width: textWidth() });
  await writeOutput(text, undefined);
  return EXIT.ok;
}
