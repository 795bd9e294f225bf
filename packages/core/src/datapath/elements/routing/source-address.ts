import { type IpAddress, isSameAddress, parseAddress } from '../../../net/address.ts';
import { type Prefix, parsePrefix, prefixContains } from '../../../net/prefix.ts';
import type { Interface, InterfaceAddress } from '../../convert/interfaces.ts';

/** Scopes as the kernel numbers them (`IPV6_ADDR_SCOPE_*`, include/net/ipv6.h). */
const LINK_SCOPE = 2;
const SITE_SCOPE = 5;
const GLOBAL_SCOPE = 14;

/** Labels of addresses (net/ipv6/addrlabel.c, `ip6addrlbl_init_table`): the longest prefix decides. */
const LABELS: readonly (readonly [string, number])[] = [
  ['::1/128', 0],
  ['::ffff:0:0/96', 4],
  ['::/96', 3],
  ['2001::/32', 6],
  ['2001:10::/28', 7],
  ['3ffe::/16', 12],
  ['2002::/16', 2],
  ['fec0::/10', 11],
  ['fc00::/7', 5],
];
const OTHER_LABEL = 1;

const labels: readonly { readonly prefix: Prefix; readonly label: number }[] = LABELS.flatMap(
  ([text, label]) => {
    const prefix = parsePrefix(text);
    return prefix === undefined ? [] : [{ prefix, label }];
  },
);

/**
 * The IPv6 address that a packet to `destination`, which leaves by `device`, is sent from; undefined where there is none.
 *
 * Mirrors `ipv6_dev_get_saddr` (net/ipv6/addrconf.c), which follows RFC 6724 section 5: addresses of all interfaces compete,
 * and of equals the first one wins.
 */
export function chooseSourceV6(
  interfaces: Iterable<Interface>,
  device: string,
  destination: IpAddress,
): IpAddress | undefined {
  const mustBeOfDevice = scopeOf(destination) <= LINK_SCOPE || destination.bits >> 120n === 0xffn;
  let best: { readonly address: IpAddress; readonly score: readonly number[] } | undefined;
  for (const { name, addresses } of interfaces) {
    if (mustBeOfDevice && name !== device) continue;
    for (const candidate of addresses) {
      if (candidate.address.family !== 6 || !isUsable(candidate)) continue;
      const score = scoreOf(candidate, name === device, destination);
      if (best === undefined || isHigher(score, best.score)) best = { address: candidate.address, score };
    }
  }
  return best?.address;
}

function isUsable({ address, flags }: InterfaceAddress): boolean {
  const isTentative = flags.includes('tentative') && !flags.includes('optimistic');
  return !isTentative && !flags.includes('dadfailed') && address.bits !== 0n;
}

/** What each rule says of an address, the most important rule first. */
function scoreOf(
  { address, prefixLength, flags }: InterfaceAddress,
  isOfDevice: boolean,
  destination: IpAddress,
): readonly number[] {
  const scope = scopeOf(address);
  return [
    isSameAddress(address, destination) ? 1 : 0,
    scope >= scopeOf(destination) ? -scope : scope - 128,
    flags.includes('deprecated') ? 0 : 1,
    isOfDevice ? 1 : 0,
    labelOf(address) === labelOf(destination) ? 1 : 0,
    Math.min(commonLength(address, destination), prefixLength),
  ];
}

function isHigher(left: readonly number[], right: readonly number[]): boolean {
  const index = left.findIndex((value, at) => value !== right[at]);
  return index >= 0 && (left[index] ?? 0) > (right[index] ?? 0);
}

function scopeOf({ bits }: IpAddress): number {
  if (bits >> 118n === 0x3fan || bits === LOOPBACK) return LINK_SCOPE;
  return bits >> 118n === 0x3fbn ? SITE_SCOPE : GLOBAL_SCOPE;
}

const LOOPBACK = parseAddress('::1')?.bits;

function labelOf(address: IpAddress): number {
  return labels.find(({ prefix }) => prefixContains(prefix, address))?.label ?? OTHER_LABEL;
}

/** Bits that two addresses have in common at their start. */
function commonLength(left: IpAddress, right: IpAddress): number {
  const difference = left.bits ^ right.bits;
  return difference === 0n ? 128 : 128 - difference.toString(2).length;
}
