import type { Issue, Symptom } from '../model/issue.ts';
import { parseSymptom, type SymptomQuery, stem } from './query.ts';

/** An issue that fits a symptom, and what made it fit. */
export interface Candidate {
  readonly issue: Issue;
  readonly score: number;
  /** Short statements, strongest first: `63 s is one of its delays`. */
  readonly because: readonly string[];
}

const PATTERN_SCORE = 20;
const DELAY_SCORE = 8;
const LEAST_SCORE = 1.5;

/** Known issues that fit what a user sees, best first. Log lines count most, then measured delays, then words. */
export function rankSymptoms(text: string, issues: readonly Issue[]): readonly Candidate[] {
  const query = parseSymptom(text);
  const weights = wordWeights(issues);
  return issues
    .map((issue) => scoreIssue(query, issue, weights))
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score || (a.issue.id < b.issue.id ? -1 : 1));
}

function scoreIssue(query: SymptomQuery, issue: Issue, weights: ReadonlyMap<string, number>): Candidate {
  const because: string[] = [];
  let score = 0;
  const pattern = issue.symptoms.find((symptom) => matchesLine(symptom, query.text));
  if (pattern !== undefined) {
    score += PATTERN_SCORE;
    because.push(`the line is one that ${pattern.where ?? 'it'} writes: ${pattern.text}`);
  }
  const delay = query.seconds.find((seconds) => issue.symptoms.some((symptom) => hasDelay(symptom, seconds)));
  if (delay !== undefined) {
    score += DELAY_SCORE;
    because.push(`${delay} s is one of its delays`);
  }
  const own = wordsOf(issue);
  const shared = query.words.filter((word) => own.has(word));
  if (shared.length > 0) {
    score += shared.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0);
    because.push(`its description has: ${shared.join(', ')}`);
  }
  return { issue, score, because };
}

function matchesLine({ pattern }: Symptom, text: string): boolean {
  return pattern !== undefined && text.length > 6 && new RegExp(pattern, 'imu').test(text);
}

function hasDelay({ seconds }: Symptom, wanted: number): boolean {
  return seconds?.some((own) => Math.abs(own - wanted) <= Math.max(0.2, own * 0.1)) === true;
}

function wordsOf({ id, title, summary, symptoms }: Issue): ReadonlySet<string> {
  const text = [id, title, summary, ...symptoms.map((symptom) => symptom.text)].join(' ');
  return new Set(
    text
      .toLowerCase()
      .split(/[^a-z0-9.]+/)
      .map(stem),
  );
}

/** Rare words tell more: the logarithm of how few entries have one. */
function wordWeights(issues: readonly Issue[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const issue of issues)
    for (const word of wordsOf(issue)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts].map(([word, count]) => [word, Math.log(1 + issues.length / count)]));
}
