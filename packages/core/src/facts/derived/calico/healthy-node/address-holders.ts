import { type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import { objectName } from '../../../snapshot/object-store.ts';
import { addressOf, addressOrigin, annotationsOf, isReady, machineOf } from '../local-pods.ts';
import { ADDRESS_ANNOTATION } from '../node-addresses.ts';
import { IPIP_ADDRESS, VXLAN_ADDRESS } from './remote-blocks.ts';

/** A node, tunnel or pod that has an address. */
interface Holder {
  /** The node, pod or virtual machine. */
  readonly owner: string;
  /** The same, or the tunnel of the node. */
  readonly what: string;
  readonly origin: Origin;
}

/** By address; the owners of one address are different. */
type Holders = ReadonlyMap<string, readonly Holder[]>;

/** Who has which address, as the objects of nodes and running pods say. */
export const addressHolders: FactDefinition<Holders> = {
  id: 'calico.address-holders',
  title: 'nodes, tunnels and pods by their addresses',
  level: 'cluster',
  format: (holders) => `${holders.size} addresses`,
  compute(read) {
    const nodes = read.objects('nodes');
    const pods = read.objects('pods');
    if (nodes === undefined && pods === undefined) {
      return unknown(missingObjects('nodes'), missingObjects('pods'));
    }
    const holders: Draft = new Map();
    addNodes(read, holders);
    addPods(read, holders);
    return known(holders, ...[nodes, pods].flatMap((list) => (list?.files ?? []).map((file) => ({ file }))));
  },
};

type Draft = Map<string, Holder[]>;

function add(holders: Draft, address: string, holder: Holder): void {
  const list = holders.get(address);
  if (list === undefined) holders.set(address, [holder]);
  else if (!list.some(({ owner }) => owner === holder.owner)) list.push(holder);
}

const ADDRESSES = {
  [ADDRESS_ANNOTATION]: 'node',
  [VXLAN_ADDRESS]: 'the VXLAN tunnel of',
  [IPIP_ADDRESS]: 'the IPIP tunnel of',
} as const;

function addNodes(read: Reader, holders: Draft): void {
  for (const stored of read.objects('nodes')?.items ?? []) {
    const { name } = stored.object.metadata;
    const annotations = annotationsOf(stored);
    for (const [annotation, what] of Object.entries(ADDRESSES)) {
      const text = annotations[annotation];
      const [address] = typeof text === 'string' ? text.split('/') : [];
      if (address === undefined || address === '') continue;
      const origin = inObject(stored, `/metadata/annotations/${annotation.replace('/', '~1')}`);
      add(holders, address, { owner: `node ${name}`, what: `${what} ${name}`, origin });
    }
  }
}

/** Pods of nodes that are not ready may long be gone and their addresses given to others. */
function addPods(read: Reader, holders: Draft): void {
  const gone = new Set(
    (read.objects('nodes')?.items ?? [])
      .filter((node) => !isReady(node))
      .map(({ object }) => object.metadata.name),
  );
  for (const stored of read.objects('pods')?.items ?? []) {
    const address = addressOf(stored);
    const { nodeName } = (stored.object.spec ?? {}) as { nodeName?: unknown };
    if (address === undefined || typeof nodeName !== 'string' || gone.has(nodeName)) continue;
    const what = `pod ${objectName(stored.object)}`;
    const machine = machineOf(stored);
    const owner = machine === undefined ? what : `machine ${machine}`;
    add(holders, address, { owner, what, origin: addressOrigin(stored) });
  }
}
