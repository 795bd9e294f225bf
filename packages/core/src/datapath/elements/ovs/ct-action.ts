import { readTranslation, type Translation } from '../conntrack/translate.ts';
import type { SetAction } from './actions.ts';
import { type FieldRange, readFieldRange } from './fields.ts';

/** `ct(…)`: looks up the connection of the packet in a zone. */
export interface CtAction {
  readonly kind: 'ct';
  readonly commit: boolean;
  readonly zone: bigint | FieldRange;
  /** Table that a tracked copy of the packet goes to. */
  readonly table?: string;
  readonly nat?: CtNat;
  /** What is written into the connection. */
  readonly exec: readonly SetAction[];
}

/** Address translation; without an address the one that the connection has. */
export interface CtNat {
  readonly source?: Translation;
  readonly destination?: Translation;
}

interface Draft {
  commit: boolean;
  zone: bigint | FieldRange;
  table?: string;
  nat?: CtNat;
  exec: readonly SetAction[];
}

/** Reads the parts between the brackets; undefined where one of them is not modelled. */
export function readCt(
  parts: readonly string[],
  readSet: (text: string) => SetAction | undefined,
): CtAction | undefined {
  const draft: Draft = { commit: false, zone: 0n, exec: [] };
  for (const part of parts) {
    if (!readPart(draft, part, readSet)) return undefined;
  }
  return { kind: 'ct', ...draft };
}

function readPart(draft: Draft, part: string, readSet: (text: string) => SetAction | undefined): boolean {
  const [, name = '', value = ''] = /^([a-z]+)(?:[=(](.*?)\)?)?$/.exec(part) ?? [];
  switch (name) {
    case 'commit':
      draft.commit = true;
      return true;
    case 'zone': {
      const zone = /^(?:0x[0-9a-f]+|\d+)$/i.test(value) ? BigInt(value) : readFieldRange(value);
      draft.zone = zone ?? 0n;
      return zone !== undefined;
    }
    case 'table':
      draft.table = value.replaceAll('"', '');
      return draft.table !== '';
    case 'nat':
      return readNat(draft, value);
    case 'exec':
      return readExec(draft, part, readSet);
    // A helper of the kernel for other connections that this one opens.
    case 'alg':
      return true;
    default:
      return false;
  }
}

/** `nat`, `nat(src=10.0.0.1)`, `nat(dst=10.0.0.1:80)`; words such as `persistent` only choose among several. */
function readNat(draft: Draft, value: string): boolean {
  const [first = '', ...flags] = value.split(',');
  if (!flags.every((flag) => ['persistent', 'hash', 'random'].includes(flag))) return false;
  if (first === '') {
    draft.nat = {};
    return true;
  }
  const [, side, text = ''] = /^(src|dst)=(.+)$/.exec(first) ?? [];
  const wanted = readTranslation(text);
  if (side === undefined || wanted === undefined) return false;
  const translation = flags.includes('random') ? { ...wanted, randomPort: true } : wanted;
  draft.nat = side === 'src' ? { source: translation } : { destination: translation };
  return true;
}

function readExec(draft: Draft, part: string, readSet: (text: string) => SetAction | undefined): boolean {
  const inner = part.slice(part.indexOf('(') + 1, -1);
  const sets = inner.split(/,(?=[a-z_]+:)/).map((text) => readSet(text.trim()));
  draft.exec = sets.filter((set) => set !== undefined);
  return (
    draft.exec.length === sets.length &&
    draft.exec.every(({ target }) => /^ct_(?:mark|label)$/.test(target.field))
  );
}
