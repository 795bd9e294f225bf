import type { Evidence } from '../../model/evidence.ts';
import type { IpAddress } from '../../net/address.ts';
import type { Labels } from './label-selector.ts';

/** One end of a flow, as policies see it. */
export interface Peer {
  readonly address: IpAddress;
  /** Where a pod has the address. */
  readonly pod?: PolicyPod;
}

export interface PolicyPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Undefined where namespaces were not collected. */
  readonly namespaceLabels: Labels | undefined;
  /** Numbers of its named ports. */
  readonly ports: ReadonlyMap<string, number>;
}

/** A flow that policies judge, at one of its ends. */
export interface PolicyFlow {
  readonly direction: 'ingress' | 'egress';
  /** The pod whose policies are asked. */
  readonly pod: PolicyPod;
  readonly other: Peer;
  readonly protocol: string;
  readonly port: number | undefined;
  /** The pod that has the port, for named ports. */
  readonly portOwner: PolicyPod | undefined;
}

/** What one policy does with a flow. */
export interface PolicyOpinion {
  /** `NetworkPolicy default/deny-all` */
  readonly name: string;
  readonly place: Evidence;
  readonly opinion: 'allows' | 'denies' | 'says nothing' | 'unknown';
  /** Why it does not allow it: what it does allow and how the flow differs. */
  readonly reason: string;
}

/** How well a rule of a policy fits. */
export type Fit = 'yes' | 'no' | 'unknown';

/** All of several conditions. */
export function allFit(fits: readonly Fit[]): Fit {
  if (fits.includes('no')) return 'no';
  return fits.includes('unknown') ? 'unknown' : 'yes';
}

/** Any of several alternatives. */
export function anyFits(fits: readonly Fit[]): Fit {
  if (fits.includes('yes')) return 'yes';
  return fits.includes('unknown') ? 'unknown' : 'no';
}

/** The answer to a question that may be open. */
export function fitOf(answer: boolean | undefined): Fit {
  if (answer === undefined) return 'unknown';
  return answer ? 'yes' : 'no';
}

/** `TCP 8080` */
export function portName({ protocol, port }: PolicyFlow): string {
  return port === undefined ? protocol.toUpperCase() : `${protocol.toUpperCase()} ${port}`;
}
