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

const NO_NAMES: readonly Landmark[] = [];

/** All that the evidence of one node says about networks, addresses and hardware addresses, in its order. */
export class MentionIndex {
  readonly #interner: Interner;
  readonly #networks: Networks;
  readonly #byNetwork = new Map<number, Mention[]>();
  readonly #byMac = new Map<string, Mention[]>();
  readonly #nameless = new Map<number, Mention>();
  #isOpaque = false;

  constructor(interner: Interner, networks: Networks) {
    this.#interner = interner;
    this.#networks = networks;
  }

  /** `network` is an address or a prefix as it is written; what is neither is passed over. */
  addNetwork(network: string, shape: string, names: readonly Landmark[] = NO_NAMES): void {
    const id = this.#networks.idOf(network);
    if (id !== undefined) append(this.#byNetwork, id, this.#mention(shape, names));
  }

  addMac(mac: string, shape: string, names: readonly Landmark[]): void {
    append(this.#byMac, mac.toLowerCase(), this.#mention(shape, names));
  }

  /** Something names addresses in a way that is not understood here: then no two addresses count as alike on this node. */
  giveUp(): void {
    this.#isOpaque = true;
  }

  get isOpaque(): boolean {
    return this.#isOpaque;
  }

  #mention(text: string, names: readonly Landmark[]): Mention {
    const shape = this.#interner.text(text);
    if (names.length > 0) return { shape, names };
    let mention = this.#nameless.get(shape);
    if (mention === undefined) {
      mention = { shape, names };
      this.#nameless.set(shape, mention);
    }
    return mention;
  }

  /** By number of the network, see {@link Networks}. */
  get networks(): ReadonlyMap<number, readonly Mention[]> {
    return this.#byNetwork;
  }

  ofMac(mac: string): readonly Mention[] {
    return this.#byMac.get(mac) ?? [];
  }
}

function append<K>(map: Map<K, Mention[]>, key: K, mention: Mention): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [mention]);
  else known.push(mention);
}

/** The networks that any node's evidence mentions, by number. */
export interface Networks {
  /** Undefined where the text is neither an address nor a network. */
  idOf(text: string): number | undefined;
}
