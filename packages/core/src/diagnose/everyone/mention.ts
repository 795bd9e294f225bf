import type { Interner } from './interner.ts';
import type { Landmark } from './landmarks.ts';
import { NumberMap } from './number-map.ts';

/**
 * One place of a node's evidence that names an address, a network that holds it, or a hardware address. `shape` is all that stands
 * there but the name itself and what else is named, which are `names`.
 */
interface Mention {
  readonly shape: number;
  readonly names: readonly Landmark[];
}

/** The networks that any node's evidence mentions, by number. */
export interface Networks {
  /** Undefined where the text is neither an address nor a network. */
  idOf(text: string): number | undefined;
  /** Whether a network is one address. */
  isHost(id: number): boolean;
}

const NONE: readonly Mention[] = [];
/** Stands for a view of 0 where 0 means that it is not known. */
const NOTHING_SAID = -1;
const NO_NAMES: readonly Landmark[] = [];
const SAYS_NOTHING: ListView = { usual: 0, named: new Map() };

/** A mention by its number, and what it is about: a network, a hardware address, or nothing that is understood. */
interface MentionPlace {
  readonly network: number | undefined;
  readonly mac: string | undefined;
  readonly mention: number;
  /** The list that has nothing else, which is the one for most places. */
  readonly alone: number;
}

/** A list of mentions as all nodes see it that are not named in it, and as those see it that are. */
interface ListView {
  readonly usual: number;
  readonly named: ReadonlyMap<string, number>;
}

function viewBy({ named, usual }: ListView, node: string): number {
  return named.size === 0 ? usual : (named.get(node) ?? usual);
}

/** Mentions of all nodes. Most nodes say the same about another one, so equal lists of mentions are kept once, under a number. */
export class MentionLists {
  readonly #interner: Interner;
  readonly #mentions = new Map<number, Mention>();
  readonly #lists = new Map<number, readonly Mention[]>();
  readonly #views = new Map<number, ListView>();
  /** By record. */
  readonly places = new Map<object, MentionPlace>();

  constructor(interner: Interner) {
    this.#interner = interner;
  }

  /** The number of a mention. */
  mention(text: string, names: readonly Landmark[]): number {
    const shape = this.#interner.text(text);
    let mention = shape;
    for (const { id } of names) mention = this.#interner.pair(mention, id);
    if (!this.#mentions.has(mention)) this.#mentions.set(mention, { shape, names });
    return mention;
  }

  /** The number of a list with one more mention; 0 is the empty list. */
  with(list: number, mention: number): number {
    const longer = this.#interner.pair(list, mention);
    const added = this.#lists.has(longer) ? undefined : this.#mentions.get(mention);
    if (added !== undefined) this.#lists.set(longer, [...this.of(list), added]);
    return longer;
  }

  of(list: number): readonly Mention[] {
    return this.#lists.get(list) ?? NONE;
  }

  /** The number of two views in this order. */
  join(left: number, right: number): number {
    return this.#interner.pair(left, right);
  }

  /** A list as a number, in which what belongs to the node is named by what it is there; 0 for the empty list. */
  view(list: number, node: string): number {
    return viewBy(this.views(list), node);
  }

  /** A list as all nodes see it. */
  views(list: number): ListView {
    if (list === 0) return SAYS_NOTHING;
    let view = this.#views.get(list);
    if (view === undefined) {
      view = this.#viewsOf(this.of(list));
      this.#views.set(list, view);
    }
    return view;
  }

  #viewsOf(mentions: readonly Mention[]): ListView {
    const owners = new Set(mentions.flatMap(({ names }) => names.flatMap(({ node }) => node ?? [])));
    const named = new Map<string, number>();
    for (const owner of owners) named.set(owner, this.#viewFor(mentions, owner));
    return { usual: this.#viewFor(mentions, undefined), named };
  }

  #viewFor(mentions: readonly Mention[], node: string | undefined): number {
    let view = 0;
    for (const { shape, names } of mentions) {
      let id = shape;
      for (const name of names) id = this.#interner.pair(id, this.#nameOf(name, node));
      view = this.#interner.pair(view, id);
    }
    return view;
  }

  #nameOf({ node: owner, role }: Landmark, node: string | undefined): number {
    // The pair sets apart a role on the node in question from the same role on another one.
    return owner === node || owner === undefined
      ? role
      : this.#interner.pair(this.#interner.text(owner), role);
  }
}

/** All that the evidence of one node says about networks, addresses and hardware addresses, in its order. */
export class MentionIndex {
  readonly #lists: MentionLists;
  readonly #networks: Networks;
  readonly #byNetwork = new NumberMap();
  readonly #byMac = new Map<string, number>();
  /** Views of networks of several addresses that are the same for all nodes, such as that of the default route. */
  readonly #sameForAll = new NumberMap();
  readonly #layers: MentionIndex[] = [];
  #isOpaque = false;

  constructor(lists: MentionLists, networks: Networks) {
    this.#lists = lists;
    this.#networks = networks;
  }

  /** `network` is an address or a prefix as it is written; what is neither is passed over. */
  addNetwork(network: string, shape: string, names: readonly Landmark[] = NO_NAMES, record?: object): void {
    const place = { network: this.#networks.idOf(network), mac: undefined };
    this.#add({ ...place, ...this.#mention(shape, names) }, record);
  }

  addMac(mac: string, shape: string, names: readonly Landmark[], record: object): void {
    const place = { network: undefined, mac: mac.toLowerCase() };
    this.#add({ ...place, ...this.#mention(shape, names) }, record);
  }

  #mention(shape: string, names: readonly Landmark[]): Pick<MentionPlace, 'mention' | 'alone'> {
    const mention = this.#lists.mention(shape, names);
    return { mention, alone: this.#lists.with(0, mention) };
  }

  /**
   * Adds the mention that a record was given with before, on any node; false if it never was. Nodes that print the same line share
   * its record, so only what is the same for all of them may be given with one.
   */
  addKnown(record: object): boolean {
    const known = this.#lists.places.get(record);
    if (known !== undefined) this.#add(known, undefined);
    return known !== undefined;
  }

  #add(place: MentionPlace, record: object | undefined): void {
    const { network, mac } = place;
    if (record !== undefined) this.#lists.places.set(record, place);
    if (network !== undefined)
      this.#byNetwork.set(network, this.#joined(this.#byNetwork.get(network), place));
    if (mac !== undefined) this.#byMac.set(mac, this.#joined(this.#byMac.get(mac) ?? 0, place));
  }

  #joined(list: number, { mention, alone }: MentionPlace): number {
    return list === 0 ? alone : this.#lists.with(list, mention);
  }

  /** Something names addresses in a way that is not understood here: then no two addresses count as alike on this node. */
  giveUp(): void {
    this.#isOpaque = true;
  }

  get isOpaque(): boolean {
    return this.#isOpaque || this.#layers.some(({ isOpaque }) => isOpaque);
  }

  /** Adds the mentions of a part of the evidence that other nodes have as well. It has no layers itself, and is complete. */
  addLayer(layer: MentionIndex): void {
    if (layer.isOpaque || layer.#byNetwork.size > 0) this.#layers.push(layer);
  }

  get layers(): readonly MentionIndex[] {
    return this.#layers;
  }

  /** Numbers of all networks that are mentioned outside of layers, see {@link Networks}. */
  networks(): Iterable<number> {
    return this.#byNetwork.keys();
  }

  /** What is said of a network, as {@link MentionLists.view} of it for a node. Asked when nothing is added any more. */
  ofNetwork(network: number, node: string): number {
    const isWide = !this.#networks.isHost(network);
    const known = isWide ? this.#sameForAll.get(network) : 0;
    if (known !== 0) return known === NOTHING_SAID ? 0 : known;
    const own = this.#lists.views(this.#byNetwork.get(network));
    let view = viewBy(own, node);
    let isSameForAll = own.named.size === 0;
    for (const layer of this.#layers) {
      const list = layer.#byNetwork.get(network);
      if (list === 0) continue;
      view = this.#lists.join(view, this.#lists.view(list, node));
      isSameForAll &&= this.#lists.views(list).named.size === 0;
    }
    if (isWide && isSameForAll) this.#sameForAll.set(network, view === 0 ? NOTHING_SAID : view);
    return view;
  }

  /** The same without what layers say. */
  outsideLayers(network: number, node: string): number {
    return this.#lists.view(this.#byNetwork.get(network), node);
  }

  ofMac(mac: string, node: string): number {
    return this.#lists.view(this.#byMac.get(mac) ?? 0, node);
  }
}
