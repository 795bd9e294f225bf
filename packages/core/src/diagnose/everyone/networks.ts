import { formatAddress, type IpAddress, widthOf } from '../../net/address.ts';
import { formatPrefix, parsePrefix } from '../../net/prefix.ts';
import { PrefixTable } from '../../net/prefix-table.ts';
import type { Networks } from './mention.ts';

const NO_NETWORK = -1;

/** All networks that are mentioned anywhere, each once. Addresses stand as networks of one. */
export class MentionedNetworks implements Networks {
  readonly #byText = new Map<string, number>();
  readonly #byPrefix = new Map<string, number>();
  readonly #table = new PrefixTable<number>();
  readonly #hosts: boolean[] = [];
  readonly #holders = new Map<string, readonly number[]>();

  idOf(text: string): number | undefined {
    const known = this.#byText.get(text);
    if (known !== undefined) return known === NO_NETWORK ? undefined : known;
    const prefix = parsePrefix(text);
    let id: number | undefined;
    if (prefix !== undefined) {
      const key = formatPrefix(prefix);
      id = this.#byPrefix.get(key);
      if (id === undefined) {
        id = this.#hosts.length;
        this.#hosts.push(prefix.length === widthOf(prefix.family));
        this.#byPrefix.set(key, id);
        this.#table.add(prefix, id);
        this.#holders.clear();
      }
    }
    this.#byText.set(text, id ?? NO_NETWORK);
    return id;
  }

  /** Whether a network is one address. */
  isHost(id: number): boolean {
    return this.#hosts[id] === true;
  }

  /** All networks that hold an address, the longest first. */
  holding(address: IpAddress): readonly number[] {
    const text = formatAddress(address);
    let found = this.#holders.get(text);
    if (found === undefined) {
      found = [...this.#table.matches(address)];
      this.#holders.set(text, found);
    }
    return found;
  }
}
