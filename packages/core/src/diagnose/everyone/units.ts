import type { Namespace } from '../../datapath/model/namespace.ts';
import { formatAddress, type IpAddress } from '../../net/address.ts';
import { cableClass } from './cables.ts';
import type { Member } from './members.ts';
import type { MentionIndex } from './mention.ts';
import type { Shared } from './shared.ts';
import { marksOf, type NodeMarks, NodeViews } from './views.ts';

/** Members of one node that no walk can tell apart, but for their names. */
export interface Unit {
  readonly id: number;
  /** Its position among all units of all places. */
  readonly index: number;
  readonly node: string;
  readonly members: readonly Member[];
  /** What the member is, wherever it is seen from. */
  readonly role: number;
  readonly port: number;
  /** The address of the first member, and all networks that hold it. */
  readonly address: IpAddress;
  readonly holders: readonly number[];
}

/** A node with what it says about addresses; `views` is undefined where there is no evidence of it. */
export interface Place {
  readonly name: string;
  /** Its position among all places. */
  readonly index: number;
  readonly views: NodeViews | undefined;
  readonly cable: number;
  readonly marks: NodeMarks;
  readonly units: readonly Unit[];
}

/** Reads the evidence of all nodes and groups the members of each. */
export function makePlaces(shared: Shared, members: readonly Member[]): readonly Place[] {
  const byNode = Map.groupBy(members, ({ node }) => node);
  const names = [...new Set([...shared.network.nodes.keys(), ...byNode.keys()])].sort();
  const read = names.map((name) => {
    const host = shared.network.nodes.get(name)?.host;
    return { name, host, views: host === undefined ? undefined : new NodeViews(shared, host) };
  });
  const foreign = foreignMentions(shared, members, read);
  let count = 0;
  return read.map(({ name, host, views }, index) => {
    const units = groupMembers(shared, byNode.get(name) ?? [], views, foreign, count);
    count += units.length;
    const cable = host === undefined ? 0 : cableClass(shared, host);
    return { name, index, views, cable, marks: marksOf(shared, name), units };
  });
}

/** What all nodes but its own say about a member's address alone, as a number. Networks that hold it are compared elsewhere. */
type ForeignMentions = ReadonlyMap<Member, number>;

function foreignMentions(
  { interner, networks }: Shared,
  members: readonly Member[],
  places: readonly { readonly name: string; readonly views: NodeViews | undefined }[],
): ForeignMentions {
  const byNetwork = new Map<number, Member[]>();
  for (const member of members) {
    const id = networks.idOf(formatAddress(member.address));
    const known = id === undefined ? undefined : byNetwork.get(id);
    if (known !== undefined) known.push(member);
    else if (id !== undefined) byNetwork.set(id, [member]);
  }
  const found = new Map<Member, number>();
  const note = (index: MentionIndex, place: number, isOwn: (member: Member) => boolean): void => {
    for (const network of index.networks()) {
      if (!networks.isHost(network)) continue;
      for (const member of byNetwork.get(network) ?? []) {
        if (isOwn(member)) continue;
        const id = interner.pair(found.get(member) ?? 0, place);
        found.set(member, interner.pair(id, index.outsideLayers(network, member.node)));
      }
    }
  };
  const layers = new Set<MentionIndex>();
  for (const { name, views } of places) {
    if (views === undefined) continue;
    note(views.index, interner.text(`on ${name}`), ({ node }) => node === name);
    for (const layer of views.index.layers) layers.add(layer);
  }
  // Members of one node have the same others that share a layer, and what their own says is compared as well.
  for (const [position, layer] of [...layers].entries())
    note(layer, interner.text(`layer ${position}`), () => false);
  return found;
}

function groupMembers(
  shared: Shared,
  members: readonly Member[],
  views: NodeViews | undefined,
  foreign: ForeignMentions,
  firstIndex: number,
): readonly Unit[] {
  const { interner, networks } = shared;
  const units = new Map<number, Unit & { readonly members: Member[] }>();
  for (const member of members) {
    const role = roleOf(shared, member);
    let id = interner.text(`${member.kind} ${member.port} ${ownName(shared, member)} ${member.node}`);
    id = interner.pair(id, role);
    id = interner.pair(id, foreign.get(member) ?? 0);
    const { node, address, port } = member;
    const holders = networks.holding(address);
    id = interner.pair(id, views?.of(address, holders, node) ?? 0);
    for (const network of holders) if (!networks.isHost(network)) id = interner.pair(id, network);
    const known = units.get(id);
    if (known !== undefined) known.members.push(member);
    else {
      const index = firstIndex + units.size;
      units.set(id, { id, index, node, members: [member], role, port, address, holders });
    }
  }
  return [...units.values()];
}

/** Of what is not compared part by part: a node, and a pod whose namespace was collected. */
function ownName({ collected }: Shared, { kind, name }: Member): string {
  return kind === 'node' || collected.has(name.replace('/', '_')) ? name : '';
}

/** What an address is: that of a node's interface, of a pod and nobody else, or one that several have. */
function roleOf({ network, landmarks, interner }: Shared, { kind, node, address }: Member): number {
  const text = formatAddress(address);
  const owners = network.ownersOf(address);
  const pod = network.podWith(address);
  if (kind === 'node') {
    const landmark = landmarks.address(text);
    return landmark.node === node && pod === undefined ? landmark.role : interner.text(`itself ${text}`);
  }
  const isPlain = owners.every((owner) => owner.node === node && isInner(owner, text));
  return isPlain && owners.length < 2 && pod?.node === node
    ? interner.text('pod')
    : interner.text(`itself ${text}`);
}

/** Whether an address is behind a veth interface of a pod, which is on no cable. */
function isInner(owner: Namespace, text: string): boolean {
  const device = [...(owner.interfaces?.all.values() ?? [])].find(({ addresses }) =>
    addresses.some(({ address }) => formatAddress(address) === text),
  );
  return owner.name !== '' && device?.link.kind === 'veth';
}
