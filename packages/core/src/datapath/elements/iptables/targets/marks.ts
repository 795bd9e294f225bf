import type { RuleOption } from '../../../../parsers/iptables-save/index.ts';
import type { Statement } from '../../../firewall/chain.ts';
import { and, readMaskedNumber } from '../values.ts';

/** `-j MARK` (net/netfilter/xt_mark.c): the bits of the mask are cleared, then the value is mixed in by xor. */
export function markTarget(options: readonly RuleOption[]): Statement | undefined {
  const [option] = options;
  const change = option === undefined ? undefined : changeOf(option);
  if (change === undefined || options.length !== 1) return undefined;
  return (context, note) => {
    const mark = change(context.packet.mark);
    note('mark', `0x${mark.toString(16)}`);
    context.packet = { ...context.packet, mark };
    return 'next';
  };
}

function changeOf(option: RuleOption): ((mark: number) => number) | undefined {
  const number = readMaskedNumber(option.values[0]);
  if (number === undefined) return undefined;
  const { value, mask } = number;
  switch (option.name) {
    case 'set-xmark':
      return (mark) => ((mark & ~mask) ^ value) >>> 0;
    // Bits of the value count as bits of the mask.
    case 'set-mark':
      return (mark) => ((mark & ~(mask | value)) ^ value) >>> 0;
    case 'and-mark':
      return (mark) => and(mark, value);
    case 'or-mark':
      return (mark) => (mark | value) >>> 0;
    case 'xor-mark':
      return (mark) => (mark ^ value) >>> 0;
    default:
      return undefined;
  }
}

/** `-j CONNMARK` (net/netfilter/xt_connmark.c). */
export function connmarkTarget(options: readonly RuleOption[]): Statement | undefined {
  const value = (name: string): number | undefined => {
    const text = options.find((option) => option.name === name)?.values[0];
    return text === undefined ? 0xffffffff : readMaskedNumber(text)?.value;
  };
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const nfmask = has('mask') ? value('mask') : value('nfmask');
  const ctmask = has('mask') ? value('mask') : value('ctmask');
  if (nfmask === undefined || ctmask === undefined) return undefined;
  if (has('restore-mark')) return restore(nfmask, ctmask);
  if (has('save-mark')) return save(nfmask, ctmask);
  const [option] = options;
  const change = option === undefined ? undefined : changeOf(option);
  if (change === undefined || options.length !== 1) return undefined;
  return ({ connection: { tracked } }) => {
    if (tracked !== undefined) tracked.mark = change(tracked.mark);
    return 'next';
  };
}

function restore(nfmask: number, ctmask: number): Statement {
  return (context, note) => {
    const { tracked } = context.connection;
    if (tracked === undefined) return 'next';
    const mark = ((context.packet.mark & ~nfmask) ^ (tracked.mark & ctmask)) >>> 0;
    note('mark', `0x${mark.toString(16)} from the connection`);
    context.packet = { ...context.packet, mark };
    return 'next';
  };
}

function save(nfmask: number, ctmask: number): Statement {
  return ({ packet, connection: { tracked } }) => {
    if (tracked !== undefined) tracked.mark = ((tracked.mark & ~ctmask) ^ (packet.mark & nfmask)) >>> 0;
    return 'next';
  };
}
