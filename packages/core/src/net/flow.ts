import type { IpAddress } from './address.ts';

/** Where packets of one direction of a connection go: what connection tracking calls a tuple. */
export interface Flow {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** IP protocol number. */
  readonly protocol: number;
  /** Undefined where the protocol has none, or where any would do. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/** The flow of the answers: both ends exchanged. */
export function reverseFlow(flow: Flow): Flow {
  return {
    source: flow.destination,
    destination: flow.source,
    protocol: flow.protocol,
    ...(flow.destinationPort === undefined ? {} : { sourcePort: flow.destinationPort }),
    ...(flow.sourcePort === undefined ? {} : { destinationPort: flow.sourcePort }),
  };
}

/** Whether two flows are the same. */
export function isSameFlow(left: Flow, right: Flow): boolean {
  return (
    left.protocol === right.protocol &&
    left.source.bits === right.source.bits &&
    left.destination.bits === right.destination.bits &&
    left.source.family === right.source.family &&
    left.sourcePort === right.sourcePort &&
    left.destinationPort === right.destinationPort
  );
}
