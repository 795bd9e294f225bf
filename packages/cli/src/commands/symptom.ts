import {
  type Candidate,
  ClusterSubject,
  evaluate,
  type Finding,
  lostSyns,
  parseSymptom,
  rankSymptoms,
  separatingChecks,
} from '@netvet/core';
import { chooseIssues, loadPack } from '../catalogue.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { loadSource } from '../load-source.ts';
import { exists, messagesFor } from '../terminal.ts';
import { writeOutput } from '../write-output.ts';

interface Options {
  readonly catalogue?: string;
  readonly output: string;
}

/** Candidates beyond these are too weak to help. */
const MOST_CANDIDATES = 8;

/** `netvet symptom WORDS… [SOURCE]`: which known issues look like this, and which check tells them apart. */
export async function symptom(words: readonly string[], options: Options): Promise<ExitCode> {
  const last = words.at(-1) ?? '';
  const source =
    words.length > 1 && (last === 'node' || (last.includes('/') && exists(last)) || isFile(last))
      ? last
      : undefined;
  const text = (source === undefined ? words : words.slice(0, -1)).join(' ');
  const pack = await loadPack(options.catalogue);
  const candidates = rankSymptoms(text, chooseIssues(pack.issues, {})).slice(0, MOST_CANDIDATES);
  const findings = source === undefined ? [] : await findingsFor(candidates, source);
  const checks = separatingChecks(candidates);
  const answer = {
    symptom: text,
    delays: parseSymptom(text).seconds.map((seconds) => ({ seconds, lostSyns: lostSyns(seconds) })),
    candidates: candidates.map(({ issue, score, because }) => ({
      issue: issue.id,
      title: issue.title,
      score: Math.round(score * 10) / 10,
      because,
      ...(source === undefined ? {} : { verdicts: verdictsOf(issue.id, findings) }),
    })),
    checks,
  };
  await writeOutput(options.output === 'json' ? JSON.stringify(answer, null, 2) : asText(answer), undefined);
  return EXIT.ok;
}

function isFile(word: string): boolean {
  return /\.(tgz|tar|gz|xz|zip)$/.test(word) && exists(word);
}

async function findingsFor(candidates: readonly Candidate[], source: string): Promise<readonly Finding[]> {
  const { snapshot } = await loadSource(source, {}, messagesFor({}));
  const cluster = new ClusterSubject(snapshot, { now: new Date().toISOString() });
  const issues = candidates.map(({ issue }) => issue);
  return evaluate(cluster, issues, { includeNotAffected: true }).findings;
}

function verdictsOf(id: string, findings: readonly Finding[]): readonly string[] {
  const own = findings.filter(({ issue }) => issue === id);
  const counts = new Map<string, number>();
  for (const { verdict } of own) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts].map(([verdict, count]) => `${verdict} (${count})`);
}

interface Answer {
  readonly delays: readonly { readonly seconds: number; readonly lostSyns: number | undefined }[];
  readonly candidates: readonly {
    readonly issue: string;
    readonly title: string;
    readonly because: readonly string[];
    readonly verdicts?: readonly string[];
  }[];
  readonly checks: ReturnType<typeof separatingChecks>;
}

function asText({ delays, candidates, checks }: Answer): string {
  const lines: string[] = [];
  for (const { seconds, lostSyns: lost } of delays) {
    if (lost !== undefined) {
      lines.push(
        `${seconds} s is how long a TCP connect takes when its first ${lost === 1 ? 'SYN is' : `${lost} SYNs are`} lost.`,
      );
    }
  }
  if (lines.length > 0) lines.push('');
  if (candidates.length === 0) {
    lines.push(
      'No known issue looks like this. Try other words, a delay, or a whole log line; netvet issues lists all.',
    );
  }
  for (const [index, { issue, title, because, verdicts }] of candidates.entries()) {
    lines.push(`${index + 1}. ${issue}`, `   ${title}`);
    for (const reason of because) lines.push(`   - ${reason}`);
    if (verdicts !== undefined) lines.push(`   in this source: ${verdicts.join(', ') || 'not evaluated'}`);
  }
  if (checks.length > 0) {
    lines.push('', 'What tells them apart:');
    for (const { command, decides } of checks) {
      lines.push(`  ${command}`);
      for (const { issue, expects } of decides) lines.push(`    ${issue}: ${expects}`);
    }
  }
  return lines.join('\n');
}
