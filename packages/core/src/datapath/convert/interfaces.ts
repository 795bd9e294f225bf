import type { Evidence } from '../../model/evidence.ts';
import { type IpAddress, parseAddress } from '../../net/address.ts';
import type { InterfaceAddresses } from '../../parsers/ip-addr/index.ts';
import type { Link } from '../../parsers/ip-link/link.ts';
import { ipAddrProbe, ipLinkProbe } from '../../probes/network.ts';
import { type Collected, type NamespaceEvidence, placeIn } from './namespace-evidence.ts';

/** An address of an interface. */
export interface InterfaceAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly scope: string;
  readonly isSecondary: boolean;
  /** As `ip addr` names them: `deprecated`, `tentative`, `temporary`, … */
  readonly flags: readonly string[];
  /** IPv6 only: not used yet, since another host may have it as well. */
  readonly isTentative: boolean;
}

/** A network interface of one namespace. */
export interface Interface {
  readonly name: string;
  readonly link: Link;
  readonly isUp: boolean;
  readonly mtu: number | undefined;
  readonly addresses: readonly InterfaceAddress[];
  readonly place: Evidence;
}

/** Interfaces of a namespace by name; undefined where neither links nor addresses were collected. */
export interface Interfaces {
  readonly all: ReadonlyMap<string, Interface>;
  /** Those with an XDP program, which sees frames before anything else. */
  readonly withPrograms: readonly Interface[];
  /** Whether the addresses are known. */
  readonly hasAddresses: boolean;
  /** False where interfaces or addresses were cut or not understood. */
  readonly isComplete: boolean;
  readonly file: string;
}

export function readInterfaces(evidence: NamespaceEvidence): Interfaces | undefined {
  const links = nonEmpty(evidence.read(ipLinkProbe));
  const addresses = nonEmpty(evidence.read(ipAddrProbe));
  const base = links ?? addresses;
  if (base === undefined) return undefined;
  const byName = new Map((addresses?.value ?? []).map((entry) => [entry.name, entry]));
  const all = new Map<string, Interface>();
  for (const link of base.value) all.set(link.name, interfaceOf(link, byName.get(link.name), base.file));
  return {
    all,
    withPrograms: [...all.values()].filter(({ link }) => link.attributes.xdp === true),
    hasAddresses: addresses !== undefined,
    isComplete: links?.complete !== false && addresses?.complete !== false,
    file: base.file,
  };
}

/** Every namespace has at least its loopback device, so a list of none is no list. */
function nonEmpty<T>(read: Collected<readonly T[]> | undefined): Collected<readonly T[]> | undefined {
  return read?.value.length === 0 ? undefined : read;
}

function interfaceOf(link: Link, entry: InterfaceAddresses | undefined, file: string): Interface {
  return {
    name: link.name,
    link,
    isUp: link.flags.includes('UP') || (link.flags.length === 0 && link.state !== 'DOWN'),
    mtu: link.mtu,
    addresses: (entry?.addresses ?? []).flatMap((found) => {
      const address = parseAddress(found.address);
      if (address === undefined) return [];
      return [
        {
          address,
          prefixLength: found.prefixLength,
          scope: found.scope ?? 'global',
          isSecondary: found.flags.includes('secondary'),
          flags: found.flags,
          isTentative: found.flags.includes('tentative') && !found.flags.includes('optimistic'),
        },
      ];
    }),
    place: placeIn(file, link),
  };
}
