import { splitTopLevel } from '../../../parsers/ovs/index.ts';
import { type CtAction, readCt } from './ct-action.ts';
import { type FieldRange, readFieldRange } from './fields.ts';
import { readMasked } from './value-text.ts';

/** One action of a flow or a bucket. */
export type Action =
  | SetAction
  | CtAction
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'ct-clear' | 'dec-ttl' | 'in-port' | 'normal' | 'drop' | 'meter' | 'exit' | 'nothing' }
  | { readonly kind: 'output'; readonly port: bigint | FieldRange }
  | { readonly kind: 'controller'; readonly text: string }
  | { readonly kind: 'group'; readonly id: number }
  | { readonly kind: 'conjunction'; readonly id: bigint; readonly clause: number; readonly clauses: number }
  | { readonly kind: 'unread'; readonly text: string };

/** An action that gives a field another value. */
export type SetAction =
  | { readonly kind: 'set'; readonly target: FieldRange; readonly value: bigint; readonly mask: bigint }
  | { readonly kind: 'move'; readonly source: FieldRange; readonly target: FieldRange };

/** Actions that do nothing to the packet itself: counters, samples, queues, and flows for later packets. */
const WITHOUT_EFFECT = /^(?:note:|learn\(|sample\(|set_queue:|fin_timeout\(|pop_queue$)/;

/** Older words for setting a field. */
const SETTERS: Readonly<Record<string, string>> = {
  mod_dl_src: 'eth_src',
  mod_dl_dst: 'eth_dst',
  mod_nw_src: 'nw_src',
  mod_nw_dst: 'nw_dst',
  mod_nw_ttl: 'nw_ttl',
  mod_tp_src: 'tp_src',
  mod_tp_dst: 'tp_dst',
  set_tunnel: 'tun_id',
  set_tunnel64: 'tun_id',
};

/** Reads one action as it is printed; one that is not modelled becomes `unread`. */
export function readAction(text: string, portId: (text: string) => bigint): Action {
  return (
    readWord(text) ??
    readSet(text) ??
    readTable(text) ??
    readOther(text) ??
    readOutput(text, portId) ?? { kind: 'unread', text }
  );
}

function readWord(text: string): Action | undefined {
  if (WITHOUT_EFFECT.test(text)) return { kind: 'nothing' };
  if (/^controller\b/i.test(text)) return { kind: 'controller', text };
  if (/^meter:\d+$/.test(text)) return { kind: 'meter' };
  if (/^dec_ttl(?:\(\d+(?:,\d+)*\))?$/.test(text)) return { kind: 'dec-ttl' };
  switch (text.toLowerCase()) {
    case 'drop':
    case 'normal':
    case 'exit':
      return { kind: text.toLowerCase() as 'drop' | 'normal' | 'exit' };
    case 'in_port':
      return { kind: 'in-port' };
    case 'ct_clear':
      return { kind: 'ct-clear' };
    case 'pop_vlan':
    case 'strip_vlan':
      return setTo('vlan_tci', '0');
    // The tag stays empty until a field of it is set; the bit says that there is one.
    case 'push_vlan:0x8100':
      return setTo('vlan_tci', '0x1000');
    default:
      return undefined;
  }
}

function setTo(field: string, text: string): SetAction | undefined {
  const target = readFieldRange(field);
  const read = target === undefined ? undefined : readMasked(text, target.width);
  return target === undefined || read === undefined ? undefined : { kind: 'set', target, ...read };
}

/** Reads `set_field:V/M->F`, `load:V->F[a..b]`, `move:F[a..b]->G[a..b]`, `mod_dl_dst:V`. */
export function readSet(text: string): SetAction | undefined {
  const [, word = '', rest = ''] = /^([a-z_0-9]+):(.+)$/.exec(text) ?? [];
  const older = Object.hasOwn(SETTERS, word) ? SETTERS[word] : undefined;
  if (older !== undefined) return setTo(older, rest);
  if (word !== 'set_field' && word !== 'load' && word !== 'move') return undefined;
  const [from = '', to, ...more] = rest.split('->');
  if (to === undefined || more.length > 0) return undefined;
  if (word !== 'move') return setTo(to, from);
  const source = readFieldRange(from);
  const target = readFieldRange(to);
  if (source === undefined || target === undefined || source.width !== target.width) return undefined;
  return { kind: 'move', source, target };
}

/** Reads `goto_table:T` and `resubmit(,T)`. One that looks the packet up as if it came by another port is not modelled. */
function readTable(text: string): Action | undefined {
  const [, first, second] =
    /^(?:goto_table:([\w.-]+)|resubmit\((?:in_port)?,\s*"?([\w.-]+)"?\))$/i.exec(text) ?? [];
  const table = first ?? second;
  return table === undefined ? undefined : { kind: 'table', table };
}

function readOther(text: string): Action | undefined {
  const [, group] = /^group:(\d{1,10})$/.exec(text) ?? [];
  if (group !== undefined) return { kind: 'group', id: Number(group) };
  const [, id, clause, clauses] = /^conjunction\((\d{1,10}),\s*(\d{1,2})\/(\d{1,2})\)$/.exec(text) ?? [];
  if (id !== undefined) {
    return { kind: 'conjunction', id: BigInt(id), clause: Number(clause), clauses: Number(clauses) };
  }
  const [, inner] = /^ct\((.*)\)$/.exec(text) ?? [];
  return inner === undefined ? undefined : readCt(splitTopLevel(inner), readSet);
}

function readOutput(text: string, portId: (text: string) => bigint): Action | undefined {
  const [, named, bare] = /^(?:output:(.+)|("[^"]+"|\d+|local))$/i.exec(text) ?? [];
  const port = named ?? bare;
  if (port === undefined) return undefined;
  if (/^in_port$/i.test(port)) return { kind: 'in-port' };
  if (!port.includes('[')) return { kind: 'output', port: portId(port) };
  const range = readFieldRange(port);
  return range === undefined ? undefined : { kind: 'output', port: range };
}
