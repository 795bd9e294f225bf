import {
  buildReport,
  type ClusterOptions,
  ClusterSubject,
  evaluate,
  type Finding,
  formatById,
  isAtLeast,
  type Pack,
  type Report,
  type Snapshot,
} from '@netvet/core';
import { readAccepted } from './accepted.ts';
import { chooseIssues, loadPack } from './catalogue.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { ReportOptions } from './options.ts';
import { textWidth, wantsColour } from './terminal.ts';
import { VERSION } from './version.ts';
import { writeOutput } from './write-output.ts';

interface Evaluated {
  readonly snapshot: Snapshot;
  readonly kind: string;
  readonly given?: ClusterOptions['given'];
}

/** Evaluates the catalogue, writes the report and tells how the command ends. */
export async function reportOn(evaluated: Evaluated, options: ReportOptions): Promise<ExitCode> {
  const now = new Date().toISOString();
  const accepted = await readAccepted(options.accept, now);
  const pack = await loadPack(options.catalogue);
  const { report, found } = makeReport(evaluated, options, pack, now);
  const context = {
    issues: new Map(pack.issues.map((issue) => [issue.id, issue])),
    colour: wantsColour(options),
    width: textWidth(),
    verbose: options.verbose === true,
    quiet: options.quiet === true,
  };
  await writeOutput(formatById(options.output).render(report, context), options.outputFile);
  const counted = found.filter((finding) => !accepted(finding));
  return exitCodeOf({ ...report, findings: counted }, options);
}

function makeReport(
  { snapshot, kind, given }: Evaluated,
  options: ReportOptions,
  pack: Pack,
  now: string,
): { readonly report: Report; readonly found: readonly Finding[] } {
  const cluster = new ClusterSubject(snapshot, { now, ...(given === undefined ? {} : { given }) });
  const issues = chooseIssues(pack.issues, options);
  const wanted = options.verdict;
  const includeNotAffected = options.all === true || wanted?.includes('not-affected') === true;
  const evaluation = evaluate(cluster, issues, { includeNotAffected });
  const findings =
    wanted === undefined
      ? evaluation.findings
      : evaluation.findings.filter(({ verdict }) => wanted.includes(verdict));
  const report = buildReport({
    evaluation: { ...evaluation, findings },
    snapshot,
    kind,
    nodes: cluster.nodes.filter(({ name }) => name !== undefined).length,
    netvet: VERSION,
    catalogue: { version: pack.version, issues: pack.issues.length },
  });
  // What --verdict hides still counts for the exit code.
  return { report, found: evaluation.findings };
}

function exitCodeOf(report: Report, { failOn, strict }: ReportOptions): ExitCode {
  const affected = report.findings.filter(({ verdict }) => verdict === 'affected');
  if (affected.some(({ severity }) => isAtLeast(severity, failOn))) return EXIT.affected;
  if (strict === true && affected.length === 0 && report.summary.unknown > 0) return EXIT.unknown;
  return EXIT.ok;
}
