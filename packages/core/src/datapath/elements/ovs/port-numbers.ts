import { formatAddress, parseAddress } from '../../../net/address.ts';
import type { OvsFlow } from '../../../parsers/ovs/index.ts';
import { readSet } from './actions.ts';
import { ones } from './fields.ts';
import { readMac, readValue } from './value-text.ts';

/** The bridge's own port (`OFPP_LOCAL`, which OpenFlow 1.0 numbers 65534). */
export const LOCAL_PORT = 0xfffffffen;
const LOCAL_PORT_OF_10 = 0xfffen;
/** Ports that are only known by name get numbers beyond those that OpenFlow has. */
const FIRST_MADE_UP = 1n << 40n;

/** Register that Antrea keeps the number of the port in that a packet leaves by (`TargetOFPortField`). */
const TARGET_REGISTER = 'reg1';

/**
 * Ports by what the flows tell of them. `ovs-ofctl` prints the number of a port or its name, never both, and no other evidence
 * has the numbers; but flows against spoofing name the hardware address behind a port they are entered by, and flows that
 * forward name the one behind the port they lead to.
 */
export class PortNumbers {
  readonly #ids = new Map<string, bigint>();
  readonly #idByMac = new Map<bigint, bigint | null>();
  readonly #idByAddress = new Map<string, bigint | null>();
  readonly #addressById = new Map<bigint, string>();
  readonly #macById = new Map<bigint, bigint>();

  constructor(flows: readonly OvsFlow[]) {
    const macByName = new Map<string, bigint>();
    for (const flow of flows) this.#learnTarget(flow);
    for (const flow of flows) this.#learnName(flow, macByName);
    for (const flow of flows) this.#learnSource(flow);
  }

  /** The number of a port by what is printed for it. */
  idOf(text: string): bigint {
    const name = text.replaceAll('"', '');
    if (/^local$/i.test(name)) return LOCAL_PORT;
    const number = readValue(name);
    if (number !== undefined) return number === LOCAL_PORT_OF_10 ? LOCAL_PORT : number;
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = FIRST_MADE_UP + BigInt(this.#ids.size);
      this.#ids.set(name, id);
    }
    return id;
  }

  /** Gives a port that the flows name the number that other evidence tells of it. */
  equate(name: string, number: bigint): void {
    if ((this.#ids.get(name) ?? FIRST_MADE_UP) >= FIRST_MADE_UP) this.#ids.set(name, number);
  }

  /** The port of this name, where flows print names. */
  named(name: string): bigint | undefined {
    return this.#ids.get(name);
  }

  /** The one port that this hardware address is behind. */
  withMac(mac: string): bigint | undefined {
    return this.#idByMac.get(readMac(mac)) ?? undefined;
  }

  /** The one port that this IP address is behind. */
  withAddress(address: string): bigint | undefined {
    return this.#idByAddress.get(address) ?? undefined;
  }

  /** The hardware address behind a port. */
  macBehind(id: bigint): bigint | undefined {
    return this.#macById.get(id);
  }

  /** An IP address behind a port. */
  addressBehind(id: bigint): string | undefined {
    return this.#addressById.get(id);
  }

  /** `dl_dst=M actions=set_field:0x24->reg1,…` */
  #learnTarget({ matches, actionList }: OvsFlow): void {
    const mac = exactValue(matches, ['dl_dst', 'eth_dst']);
    if (mac === undefined) return;
    for (const text of actionList) {
      const set = readSet(text);
      const isTarget = set?.kind === 'set' && set.target.field === TARGET_REGISTER && set.mask === ones(32);
      if (isTarget) put(this.#idByMac, readMac(mac), set.value);
    }
  }

  /** `in_port="web-1",dl_src=M`: the name gets the number that the flows which forward give. */
  #learnName({ matches }: OvsFlow, macByName: Map<string, bigint>): void {
    const name = exactValue(matches, ['in_port'])?.replaceAll('"', '');
    const mac = exactValue(matches, ['dl_src', 'eth_src', 'arp_sha']);
    if (name === undefined || mac === undefined || /^(?:\d+|local)$/i.test(name)) return;
    const number = this.#idByMac.get(readMac(mac));
    if (number === undefined || number === null || macByName.has(name)) return;
    macByName.set(name, readMac(mac));
    this.#ids.set(name, number);
  }

  #learnSource({ matches }: OvsFlow): void {
    const port = exactValue(matches, ['in_port']);
    if (port === undefined) return;
    const id = this.idOf(port);
    const mac = exactValue(matches, ['dl_src', 'eth_src', 'arp_sha']);
    if (mac !== undefined) put(this.#idByMac, readMac(mac), id);
    const address = parseAddress(exactValue(matches, ['nw_src', 'ip_src', 'ipv6_src', 'arp_spa']) ?? '');
    if (address === undefined || mac === undefined) return;
    put(this.#idByAddress, formatAddress(address), id);
    this.#addressById.set(id, formatAddress(address));
    this.#macById.set(id, readMac(mac));
  }
}

/** Keeps what one key stands for; null once it stands for several. */
function put<K>(map: Map<K, bigint | null>, key: K, id: bigint): void {
  const known = map.get(key);
  map.set(key, known === undefined || known === id ? id : null);
}

/** The value of the first of these fields in a match, where it is not masked. */
function exactValue(matches: readonly string[], names: readonly string[]): string | undefined {
  for (const match of matches) {
    const equals = match.indexOf('=');
    if (!names.includes(match.slice(0, equals))) continue;
    const value = match.slice(equals + 1);
    if (!value.includes('/')) return value;
  }
  return undefined;
}
