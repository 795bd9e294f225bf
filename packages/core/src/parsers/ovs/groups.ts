import type { Place } from '../../model/evidence.ts';
import { isBalanced, splitTopLevel } from './split.ts';

/** One OpenFlow group. */
export interface OvsGroup extends Place {
  readonly id: number;
  /** `select`, `all`, `indirect`, `fast_failover` or `ff`. */
  readonly type: string;
  readonly buckets: readonly OvsBucket[];
}

/** One bucket of a group. */
export interface OvsBucket {
  /** 1 when not printed. */
  readonly weight: number;
  /** `watch_port:1` and other words that are neither id nor weight. */
  readonly conditions: readonly string[];
  readonly actionList: readonly string[];
}

/**
 * Reads a line of `ovs-ofctl dump-groups`; undefined where it is none, or not whole.
 *
 * ```text
 * group_id=9,type=select,bucket=bucket_id:0,weight:100,actions=set_field:0x4000/0x4000->reg0,resubmit(,EndpointDNAT)
 *   → { id: 9, type: 'select', buckets: [{ weight: 100, conditions: [], actionList: ['set_field:…', 'resubmit(,EndpointDNAT)'] }] }
 * ```
 */
export function readGroup(content: string, line: number): OvsGroup | undefined {
  const text = content.trim().replace(/^\d{1,9}\.\s+/, '');
  if (!isGroupLine(content) || !isBalanced(text)) return undefined;
  const [head = '', ...buckets] = text.split(/,\s*bucket=/);
  const fields = new Map(
    splitTopLevel(head).map((part) => {
      const equals = part.indexOf('=');
      return [part.slice(0, Math.max(equals, 0)), part.slice(equals + 1)] as const;
    }),
  );
  const id = fields.get('group_id') ?? '';
  const type = fields.get('type') ?? '';
  const read = buckets.flatMap((bucket) => readBucket(bucket) ?? []);
  if (!/^\d{1,10}$/.test(id) || type === '' || read.length < buckets.length) return undefined;
  return { id: Number(id), type, buckets: read, line };
}

/** Whether a line is meant to describe a group. */
export function isGroupLine(content: string): boolean {
  return /^\s*(?:\d{1,9}\.\s+)?group_id=/.test(content);
}

function readBucket(text: string): OvsBucket | undefined {
  const split = text.indexOf('actions=');
  if (split < 0) return undefined;
  const actionList = splitTopLevel(text.slice(split + 'actions='.length));
  let weight = 1;
  const conditions: string[] = [];
  for (const part of splitTopLevel(text.slice(0, split))) {
    const [, digits] = /^weight:(\d{1,5})$/.exec(part) ?? [];
    if (digits !== undefined) weight = Number(digits);
    else if (!part.startsWith('bucket_id:')) conditions.push(part);
  }
  return actionList.length === 0 ? undefined : { weight, conditions, actionList };
}
