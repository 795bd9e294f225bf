import { compareVersions, isVendorBuild, parseVersion, type Version } from '../schemes/semver/index.ts';
import type { ParsedRange, VersionBound, VersionWindow } from './types.ts';

const TOKEN = /\s*(\|\||>=|<=|>|<|=|\*|[^\s|<>=*]+|\|)/y;

class RangeProblem extends Error {
  readonly position: number;
  constructor(position: number, reason: string) {
    super(reason);
    this.position = position;
  }
}

interface Token {
  readonly text: string;
  readonly position: number;
}

/**
 * Reads a range such as `>=1.27.0 <1.27.11 || >=1.28.0 <1.28.7 || =3.28.0`.
 *
 * Windows are joined with `||`. A window is `*`, one `=` release, or a lower (`>=`, `>`) and an upper (`<`, `<=`) bound
 * of which one may be missing. What cannot be read is an answer with the position and not an exception.
 */
export function parseRange(text: string): ParsedRange {
  try {
    return { ok: true, range: { text, windows: readWindows(tokenise(text), text.length) } };
  } catch (problem) {
    if (problem instanceof RangeProblem)
      return { ok: false, position: problem.position, reason: problem.message };
    throw problem;
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const token = match[1] ?? '';
    tokens.push({ text: token, position: match.index + match[0].length - token.length });
  }
  return tokens;
}

function readWindows(tokens: readonly Token[], end: number): VersionWindow[] {
  const groups: Token[][] = [[]];
  const separators: number[] = [];
  for (const token of tokens) {
    if (token.text === '||') {
      groups.push([]);
      separators.push(token.position);
    } else groups.at(-1)?.push(token);
  }
  return groups.map((group, index) => {
    if (group.length === 0) throw new RangeProblem(separators[index] ?? end, 'a window is empty');
    return readWindow(group);
  });
}

function readWindow(tokens: readonly Token[]): VersionWindow {
  const first = tokens[0];
  if (tokens.length === 1 && first?.text === '*') return {};
  let lower: VersionBound | undefined;
  let upper: VersionBound | undefined;
  for (let index = 0; index < tokens.length; index += 2) {
    const operator = tokens[index];
    if (operator === undefined) break;
    const { position } = operator;
    const version = readBorder(operator, tokens[index + 1]);
    if (operator.text === '=' && tokens.length > 2)
      throw new RangeProblem(position, '= stands alone in a window');
    const inclusive = operator.text.includes('=');
    if (operator.text !== '<' && operator.text !== '<=') {
      if (lower !== undefined) throw new RangeProblem(position, 'a window has one lower bound');
      lower = { version, inclusive };
    }
    if (operator.text !== '>' && operator.text !== '>=') {
      if (upper !== undefined) throw new RangeProblem(position, 'a window has one upper bound');
      upper = { version, inclusive };
    }
  }
  if (lower !== undefined && upper !== undefined && isEmpty(lower, upper)) {
    throw new RangeProblem(first?.position ?? 0, 'no version is in this window');
  }
  return { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
}

function readBorder(operator: Token, operand: Token | undefined): Version {
  if (!/^(?:>=|<=|>|<|=)$/.test(operator.text)) {
    throw new RangeProblem(operator.position, 'expected one of >= > <= < = before a version');
  }
  const version = operand === undefined ? undefined : parseVersion(operand.text);
  if (operand === undefined || version === undefined) {
    throw new RangeProblem(
      operand?.position ?? operator.position + operator.text.length,
      `expected a version like 1.27.3 after ${operator.text}`,
    );
  }
  if (isVendorBuild(version)) throw new RangeProblem(operand.position, 'a border has no vendor suffix');
  // `>=1.27` and `<1.27` can only mean 1.27.0; with the other operators the patch release would be a guess.
  if (version.patchMissing && operator.text !== '>=' && operator.text !== '<') {
    throw new RangeProblem(operand.position, `${operator.text} needs a full version like 1.27.3`);
  }
  return version;
}

function isEmpty(lower: VersionBound, upper: VersionBound): boolean {
  const order = compareVersions(lower.version, upper.version);
  return order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive));
}
