import type { TraceStep } from '../../datapath/model/answer.ts';
import type { Namespace } from '../../datapath/model/namespace.ts';
import type { Packet } from '../../datapath/model/packet.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Leg } from '../causes/cause.ts';
import { type StoredRule, storedRule } from './stored-rule.ts';

/** A packet that a packet filter threw away. */
export interface RuleLoss {
  readonly namespace: Namespace;
  /** The deciding step. */
  readonly step: TraceStep;
  readonly place: Evidence;
  readonly stored: StoredRule;
  /** The packet as the rule saw it: the outer one where it was in a tunnel, or a message that asks for the next hop. */
  readonly packet: Packet;
  readonly isInTunnel: boolean;
  /** Whether the rule dropped the question who has the next hop, or the answer, and the packet waited for it in vain. */
  readonly isDiscovery: boolean;
}

/** The rule or chain policy that ended a leg; undefined where something else did. */
export function ruleLoss({ trail: { end, steps, hops } }: Leg): RuleLoss | undefined {
  const { discovery } = end;
  const isByRule = end.disposition === 'dropped' || end.disposition === 'rejected';
  if (end.reason !== undefined || (!isByRule && discovery === undefined)) return undefined;
  const step = steps.at(-1);
  const place = step?.evidence[0];
  if (step === undefined || place === undefined || !/^(?:drop|reject)/.test(step.action)) return undefined;
  const { namespace, packet } = discovery ?? end;
  const stored = storedRule(namespace, packet.destination.family, step, place);
  if (stored === undefined) return undefined;
  const last = hops.at(-1);
  const isInTunnel = discovery === undefined && last?.inner !== undefined;
  return {
    namespace,
    step,
    place,
    stored,
    packet: last !== undefined && isInTunnel ? last.packet : packet,
    isInTunnel,
    isDiscovery: discovery !== undefined,
  };
}
