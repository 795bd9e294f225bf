import type { Place } from '../../model/evidence.ts';
import { type PlacedToken, tokensOf } from './scanner.ts';
import type { NftRule, NftToken, NftVerdict } from './types.ts';

/** What belongs to a rule but does not stand in its statements. */
export interface RuleFrame {
  readonly place: Place;
  readonly handle?: number | undefined;
  readonly comment?: string | undefined;
  readonly expr?: readonly unknown[] | undefined;
  readonly isPartlyShown: boolean;
}

/** Makes a rule from its statements; the tokens are those of the text. */
export function makeRule(text: string, tokens: readonly NftToken[], frame: RuleFrame): NftRule {
  const counter = counterOf(tokens);
  return {
    ...frame.place,
    ...(frame.handle === undefined ? {} : { handle: frame.handle }),
    ...(frame.comment === undefined ? {} : { comment: frame.comment }),
    ...(frame.expr === undefined ? {} : { expr: frame.expr }),
    ...counter,
    text,
    verdicts: verdictsOf(tokens),
    setNames: setNamesOf(tokens),
    isPartlyShown: frame.isPartlyShown || hasExtension(tokens),
    get tokens(): readonly NftToken[] {
      return tokensOf(this.text).map((token) => ({ kind: token.kind, text: token.text }));
    },
  };
}

/** Splits `comment "…"` off the end of a rule. */
export function splitComment(tokens: readonly PlacedToken[]): {
  readonly tokens: readonly PlacedToken[];
  readonly comment?: string;
} {
  const keyword = tokens.at(-2);
  const comment = tokens.at(-1);
  if (keyword?.kind !== 'word' || keyword.text !== 'comment' || comment?.kind !== 'string') return { tokens };
  return { tokens: tokens.slice(0, -2), comment: comment.text };
}

const FINAL: ReadonlyMap<string, NftVerdict> = new Map(
  (['accept', 'drop', 'return', 'continue', 'reject', 'queue'] as const).map((kind) => [kind, { kind }]),
);

/** The verdicts in a list of tokens, in their order. */
export function verdictsOf(tokens: readonly NftToken[]): readonly NftVerdict[] {
  const verdicts: NftVerdict[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue;
    const next = tokens[index + 1];
    const verdict = FINAL.get(token.text);
    if (verdict !== undefined && !isJump(tokens[index - 1])) verdicts.push(verdict);
    else if (
      isJump(token) &&
      !isJump(tokens[index - 1]) &&
      next !== undefined &&
      next.kind !== 'punctuation'
    ) {
      verdicts.push({ kind: token.text === 'jump' ? 'jump' : 'goto', chain: next.text });
    }
  }
  return verdicts;
}

function isJump(token: NftToken | undefined): boolean {
  return token?.kind === 'word' && (token.text === 'jump' || token.text === 'goto');
}

/** `counter packets 5 bytes 300` */
export function counterOf(tokens: readonly NftToken[]): {
  readonly packets?: number;
  readonly bytes?: number;
} {
  const start = tokens.findIndex((token) => token.kind === 'word' && token.text === 'counter');
  const [, packets, count, bytes, size] = start < 0 ? [] : tokens.slice(start, start + 5);
  if (packets?.text !== 'packets' || bytes?.text !== 'bytes') return {};
  if (!/^\d{1,20}$/.test(count?.text ?? '') || !/^\d{1,20}$/.test(size?.text ?? '')) return {};
  return { packets: Number(count?.text), bytes: Number(size?.text) };
}

/** `@name`, but not `@th,16,16`, which is a place in the packet. */
function setNamesOf(tokens: readonly NftToken[]): readonly string[] {
  const names: string[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || !token.text.startsWith('@') || token.text.length === 1) continue;
    const isRaw = /^@(?:ll|nh|th|ih)$/.test(token.text) && tokens[index + 1]?.text === ',';
    if (!isRaw) names.push(token.text.slice(1));
  }
  return names;
}

/** `xt match "set"`, `xt target TPROXY` or `# xt_tcp`. */
function hasExtension(tokens: readonly NftToken[]): boolean {
  return tokens.some(
    ({ kind, text }, index) =>
      kind === 'word' &&
      (text.startsWith('# xt_') ||
        (text === 'xt' && /^(?:match|target|watcher)$/.test(tokens[index + 1]?.text ?? ''))),
  );
}
