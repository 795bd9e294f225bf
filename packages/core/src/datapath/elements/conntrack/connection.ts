import { type Flow, isSameFlow, reverseFlow } from '../../../net/flow.ts';

/** What a rule can ask about the connection of a packet. */
export interface ConnectionView {
  readonly state: 'new' | 'established' | 'related' | 'invalid' | 'untracked';
  readonly direction: 'original' | 'reply';
  /** Undefined for packets that are not tracked. */
  readonly tracked: Connection | undefined;
}

/**
 * A tracked connection of one network namespace.
 * As in the kernel (`struct nf_conn`), address translation is written into the reply flow: its source is what the
 * destination was translated to, its destination what the source was translated to.
 */
export class Connection {
  readonly original: Flow;
  reply: Flow;
  mark = 0;
  /** Each kind of translation is decided once for a connection (`IPS_DST_NAT_DONE`, `IPS_SRC_NAT_DONE`). */
  isDestinationDecided = false;
  isSourceDecided = false;
  /** Whether packets of the connection went before this one. */
  isEstablished: boolean;

  constructor(original: Flow, isEstablished: boolean) {
    this.original = original;
    this.reply = reverseFlow(original);
    this.isEstablished = isEstablished;
  }

  /** Which direction a flow has in this connection, if it belongs to it. */
  directionOf(flow: Flow): 'original' | 'reply' | undefined {
    if (isSameFlow(flow, this.original)) return 'original';
    return isSameFlow(flow, this.reply) ? 'reply' : undefined;
  }

  hasDestinationTranslated(): boolean {
    return !isSameEnd(
      this.reply.source,
      this.original.destination,
      this.reply.sourcePort,
      this.original.destinationPort,
    );
  }

  hasSourceTranslated(): boolean {
    return !isSameEnd(
      this.reply.destination,
      this.original.source,
      this.reply.destinationPort,
      this.original.sourcePort,
    );
  }
}

function isSameEnd(
  left: Flow['source'],
  right: Flow['source'],
  leftPort: number | undefined,
  rightPort: number | undefined,
): boolean {
  return left.family === right.family && left.bits === right.bits && leftPort === rightPort;
}

/** A packet that is not tracked: a rule said so, or it is of a kind that never is. */
export const UNTRACKED: ConnectionView = { state: 'untracked', direction: 'original', tracked: undefined };

/** A packet that has not been looked up yet, or could not be (net/netfilter/xt_conntrack.c, `conntrack_mt`; nft_ct.c). */
export const INVALID: ConnectionView = { state: 'invalid', direction: 'original', tracked: undefined };
