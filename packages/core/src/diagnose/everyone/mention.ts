import type { Interner } from './interner.ts';
import type { Landmark } from './landmarks.ts';

/**
 * One place of a node's evidence that names an address, a network that holds it, or a hardware address. `shape` is all that stands
 * there but the name itself and what else is named, which are `names`.
 */
export interface Mention {
  readonly shape: number;
  readonly names: readonly Landmark[];
}

/** The networks that any node's evidence mentions, by number. */
export interface Networks {
  /** Undefined where the text is neither an address nor a network. */
  idOf(text: string): number | undefined;
}

const NONE: readonly Mention[] = [];
const NO_NAMES: readonly Landmark[] = [];

/** Mentions of all nodes. Most nodes say the same about another one, so equal lists of mentions are kept once, under a number. */
export class MentionLists {
  readonly #interner: Interner;
  readonly #lists = new Map<number, readonly Mention[]>();

  constructor(interner: Interner) {
    this.#interner = interner;
  }

  /** The number of a list with one more mention; 0 is the empty list. */
  with(list: number, text: string, names: readonly Landmark[]): number {
    const shape = this.#interner.text(text);
    let mention = shape;
    for (const { id } of names) mention = this.#interner.pair(mention, id);
    const longer = this.#interner.pair(list, mention);
    if (!this.#lists.has(longer)) this.#lists.set(longer, [...this.of(list), { shape, names }]);
    return longer;
  }

  of(list: number): readonly Mention[] {
    return this.#lists.get(list) ?? NONE;
  }
}

/** All that the evidence of one node says about networks, addresses and hardware addresses, in its order. */
export class MentionIndex {
  readonly #lists: MentionLists;
  readonly #networks: Networks;
  readonly #byNetwork = new Map<number, number>();
  readonly #byMac = new Map<string, number>();
  #isOpaque = false;

  constructor(lists: MentionLists, networks: Networks) {
    this.#lists = lists;
    this.#networks = networks;
  }

  /** `network` is an address or a prefix as it is written; what is neither is passed over. */
  addNetwork(network: string, shape: string, names: readonly Landmark[] = NO_NAMES): void {
    const id = this.#networks.idOf(network);
    if (id !== undefined)
      this.#byNetwork.set(id, this.#lists.with(this.#byNetwork.get(id) ?? 0, shape, names));
  }

  addMac(mac: string, shape: string, names: readonly Landmark[]): void {
    const key = mac.toLowerCase();
    this.#byMac.set(key, this.#lists.with(this.#byMac.get(key) ?? 0, shape, names));
  }

  /** Something names addresses in a way that is not understood here: then no two addresses count as alike on this node. */
  giveUp(): void {
    this.#isOpaque = true;
  }

  get isOpaque(): boolean {
    return this.#isOpaque;
  }

  /** Numbers of all networks that are mentioned, see {@link Networks}. */
  networks(): Iterable<number> {
    return this.#byNetwork.keys();
  }

  ofNetwork(network: number): readonly Mention[] {
    const list = this.#byNetwork.get(network);
    return list === undefined ? NONE : this.#lists.of(list);
  }

  ofMac(mac: string): readonly Mention[] {
    return this.#lists.of(this.#byMac.get(mac) ?? 0);
  }
}
