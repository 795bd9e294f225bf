import type { Namespace } from '../../datapath/model/namespace.ts';
import { formatAddress, type IpAddress } from '../../net/address.ts';
import { ovsFlowsProbe } from '../../probes/network.ts';
import { OwnDevices } from './devices.ts';
import { MentionIndex } from './mention.ts';
import { readNftables } from './nft-mentions.ts';
import {
  readForwardingDatabase,
  readRoutingMentions,
  readSets,
  readVirtualServers,
} from './read-mentions.ts';
import { readIptables } from './rule-mentions.ts';
import type { Shared } from './shared.ts';

/**
 * What one node's evidence says about addresses. Two addresses with the same view can not be told apart there, but for their names
 * and those of the nodes that they belong to.
 */
export class NodeViews {
  readonly index: MentionIndex;
  readonly #shared: Shared;

  constructor(shared: Shared, namespace: Namespace) {
    const { landmarks, networks, mentions } = shared;
    this.#shared = shared;
    this.index = new MentionIndex(mentions, networks);
    const { index } = this;
    // A packet of one family may travel in a tunnel of the other.
    for (const family of [4, 6] as const) {
      const devices = new OwnDevices(shared, namespace, family);
      const deviceName = (device: string | undefined, network: string): string =>
        devices.nameFor(device, network);
      readRoutingMentions({ namespace, family, landmarks, index, deviceName });
      if (family === 4) readSets({ namespace, index, deviceName }, shared);
      readIptables(namespace, family, index, shared);
    }
    readForwardingDatabase({ namespace, landmarks, index });
    readVirtualServers({ namespace, index });
    readNftables(namespace, index, shared);
    // Flows of Open vSwitch ask for parts of packets in ways of their own.
    if (namespace.evidence.read(ovsFlowsProbe) !== undefined) index.giveUp();
  }

  /** The view of an address that belongs to a node; `holders` are all networks of all nodes that hold it. */
  of(address: IpAddress, holders: readonly number[], node: string): number {
    const { interner, viewNumbers } = this.#shared;
    let view = this.index.isOpaque ? viewNumbers.pair(0, interner.text(formatAddress(address))) : 0;
    for (const network of holders) {
      const said = this.index.ofNetwork(network, node);
      if (said !== 0) view = viewNumbers.pair(view, said);
    }
    return view;
  }

  /** The view of a node: of all addresses and hardware addresses that are its own. */
  ofNode({ node, addresses, macs }: NodeMarks, cableClass: number): number {
    const { viewNumbers } = this.#shared;
    let view = viewNumbers.pair(0, cableClass);
    for (const { address, holders } of addresses)
      view = viewNumbers.pair(view, this.of(address, holders, node));
    for (const mac of macs) {
      view = viewNumbers.pair(view, MAC_FOLLOWS);
      view = viewNumbers.pair(view, this.index.ofMac(mac, node));
    }
    return view;
  }
}

/** No number of anything else. */
const MAC_FOLLOWS = -1;

/** What other nodes can know a node by. */
export interface NodeMarks {
  readonly node: string;
  readonly addresses: readonly { readonly address: IpAddress; readonly holders: readonly number[] }[];
  readonly macs: readonly string[];
}

/** The marks of a node, once all evidence was read. */
export function marksOf({ landmarks, networks }: Shared, node: string): NodeMarks {
  const { addresses, macs } = landmarks.of(node);
  return {
    node,
    addresses: addresses.map((address) => ({ address, holders: networks.holding(address) })),
    macs,
  };
}
