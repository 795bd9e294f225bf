import { createHash } from 'node:crypto';
import type { PodPlan } from '../cluster/plan.ts';

/** What a NetworkPolicy does to the packets that pods receive, as far as labs need it. */
export interface IngressPolicy {
  readonly namespace: string;
  readonly name: string;
  /** The pods it is for. */
  readonly appliesTo: Readonly<Record<string, string>>;
  /** Sources that it lets through; none where it only isolates. */
  readonly from?: Readonly<Record<string, string>>;
}

/** Whether a pod has all labels of a selector. */
export function isSelected({ labels }: PodPlan, selector: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Felix's chain of a policy: its name, or a hash of it where that is longer than iptables allows. */
export function policyChain({ namespace, name }: IngressPolicy): string {
  return shorten('cali-pi-', `${namespace}/knp.default.${name}`, 28);
}

/** Felix's id of the IP set of the pods that a selector chooses. */
export function selectorSetId(selector: Readonly<Record<string, string>>): string {
  const text = Object.entries(selector)
    .map(([key, value]) => `${key} == "${value}"`)
    .join(' && ');
  return `s:${hash(text)}`;
}

function shorten(prefix: string, name: string, longest: number): string {
  const whole = `${prefix}${name}`;
  return whole.length <= longest ? whole : `${prefix}_${hash(name)}`.slice(0, longest);
}

function hash(text: string): string {
  return createHash('sha224').update(text).digest('base64url');
}
