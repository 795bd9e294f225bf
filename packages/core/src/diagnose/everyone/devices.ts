import type { Interface } from '../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../datapath/model/namespace.ts';
import { veth } from '../../datapath/walk/veth.ts';
import { type Family, formatAddress, widthOf } from '../../net/address.ts';
import type { IptablesTable } from '../../parsers/iptables-save/index.ts';
import { ipsetSaveProbe } from '../../probes/firewall.ts';
import { ip6RouteProbe, ip6RuleProbe, ipRouteProbe, ipRuleProbe } from '../../probes/network.ts';
import { sysctlProbe } from '../../probes/system.ts';
import { DevicePrograms } from './device-programs.ts';
import { wordsOfNftables } from './nft-mentions.ts';
import { iptablesTables } from './rule-mentions.ts';
import type { Shared } from './shared.ts';

/**
 * Devices of one node that serve one address each, as those of pods do that are routed to one by one. Such a device is no more than
 * what it is to its address: two that are the same in all but their names have the same number.
 */
export class OwnDevices {
  readonly #shared: Shared;
  readonly #namespace: Namespace;
  readonly #family: Family;
  /** Address that each such device serves, as routes write it. */
  readonly #served: ReadonlyMap<string, string>;
  readonly #settings: ReadonlyMap<string, string>;
  readonly #views = new Map<string, number>();
  readonly #programs = new Map<IptablesTable, DevicePrograms>();
  #named: ReadonlySet<string> | undefined;

  constructor(shared: Shared, namespace: Namespace, family: Family) {
    this.#shared = shared;
    this.#namespace = namespace;
    this.#family = family;
    this.#served = servedAddresses(namespace, family);
    this.#settings = settingsByDevice(namespace, this.#served);
  }

  /** The name of a device as a mention of `network` shows it. */
  nameFor(device: string | undefined, network: string): string {
    if (device === undefined) return '';
    const served = this.#served.get(device);
    if (served === undefined || (network !== served && `${network}/${widthOf(this.#family)}` !== served))
      return device;
    let view = this.#views.get(device);
    if (view === undefined) {
      view = this.#viewOf(device);
      this.#views.set(device, view);
    }
    return `own ${view}`;
  }

  #viewOf(device: string): number {
    const { interner, network } = this.#shared;
    const own = this.#namespace.interface(device);
    this.#named ??= this.#namesElsewhere();
    if (own === undefined || this.#named.has(device)) return interner.text(`itself ${device}`);
    const far = veth(network, this.#namespace, own);
    let view = interner.text(
      `${describeLink(own)} ${this.#settings.get(device) ?? ''} ${far?.namespace.name ?? ''}`,
    );
    for (const { table } of iptablesTables(this.#namespace, this.#family)) {
      view = interner.pair(view, this.#programsOf(table).of(device));
    }
    return view;
  }

  /** What several nodes have is kept for all of them, and the rest, which is large, only as long as this node is looked at. */
  #programsOf(table: IptablesTable): DevicePrograms {
    const { interner, commonTables, programs: common } = this.#shared;
    const kept = commonTables.has(table) ? common : this.#programs;
    let programs = kept.get(table);
    if (programs === undefined) {
      programs = new DevicePrograms(interner, table);
      kept.set(table, programs);
    }
    return programs;
  }

  /** Names in parts of the evidence that are not looked at here device by device. */
  #namesElsewhere(): ReadonlySet<string> {
    const { evidence } = this.#namespace;
    const names = new Set(wordsOfNftables(this.#namespace, this.#shared));
    const ruleProbe = this.#family === 4 ? ipRuleProbe : ip6RuleProbe;
    for (const { iif, oif } of evidence.read(ruleProbe)?.value ?? []) {
      if (iif !== undefined) names.add(iif);
      if (oif !== undefined) names.add(oif);
    }
    for (const { entries } of evidence.read(ipsetSaveProbe)?.value.values() ?? []) {
      for (const { parts } of entries) {
        // An entry for the device's own address shows it as any other mention does.
        for (const part of parts)
          if (this.#served.get(part) !== `${parts[0]}/${widthOf(this.#family)}`) names.add(part);
      }
    }
    for (const { table } of iptablesTables(this.#namespace, this.#family)) {
      for (const name of bridgePortsIn(table, this.#shared)) names.add(name);
    }
    return names;
  }
}

/** Ports of bridges that rules name. */
function bridgePortsIn(table: IptablesTable, { bridgePorts }: Shared): readonly string[] {
  let names = bridgePorts.get(table);
  if (names === undefined) {
    const texts = [...table.chains.values()].flatMap(({ rules }) => rules.map(({ text }) => text));
    names = texts.flatMap((text) =>
      [...text.matchAll(/--physdev-(?:in|out) (\S+)/g)].map(([, name = '']) => name),
    );
    bridgePorts.set(table, names);
  }
  return names;
}

/** Devices to which exactly one route leads, which is for one address. */
function servedAddresses(namespace: Namespace, family: Family): ReadonlyMap<string, string> {
  const served = new Map<string, string>();
  const shared = new Set<string>();
  const host = `/${widthOf(family)}`;
  for (const { table, destination, device, gateway, nextHops } of namespace.evidence.read(
    family === 4 ? ipRouteProbe : ip6RouteProbe,
  )?.value ?? []) {
    for (const way of nextHops) if (way.device !== undefined) shared.add(way.device);
    if (device === undefined || isOfLink(destination)) continue;
    if (!destination.endsWith(host) || gateway !== undefined || table !== 'main' || served.has(device))
      shared.add(device);
    else served.set(device, destination);
  }
  for (const device of shared) served.delete(device);
  for (const [device, destination] of served)
    if (!servesAlone(namespace, device, destination)) served.delete(device);
  return served;
}

/** Routes that every interface has of its own. */
function isOfLink(destination: string): boolean {
  return destination === 'fe80::/64' || destination === 'ff00::/8' || destination.startsWith('fe80::');
}

function servesAlone(namespace: Namespace, device: string, destination: string): boolean {
  const own = namespace.interface(device);
  if (own === undefined || own.addresses.some(({ scope }) => scope !== 'link')) return false;
  return own.link.kind === 'veth' && own.link.master === undefined && !destination.startsWith('fe80:');
}

function settingsByDevice(
  namespace: Namespace,
  served: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  if (served.size === 0) return settings;
  for (const [key, { value }] of namespace.evidence.read(sysctlProbe)?.value ?? []) {
    const [, before = '', device = '', after = ''] =
      /^(net\.ipv[46]\.[a-z]+)\.(.+)\.([a-z0-9_]+)$/.exec(key) ?? [];
    if (served.has(device)) settings.set(device, `${settings.get(device) ?? ''}${before} ${after}=${value};`);
  }
  return settings;
}

/** Everything about an interface that is not its name. */
function describeLink({ link, addresses }: Interface): string {
  const {
    name: _,
    index: _index,
    peer: _peer,
    peerIndex: _peerIndex,
    peerNetnsId: _id,
    peerNetns: _ns,
    mac: _mac,
    line: _line,
    pointer: _pointer,
    alias: _alias,
    altNames: _alt,
    ...rest
  } = link;
  const withoutPlaces = (key: string, value: unknown): unknown =>
    key === 'line' || key === 'pointer' ? undefined : value;
  return JSON.stringify(
    [rest, addresses.map(({ address, prefixLength }) => `${formatAddress(address)}/${prefixLength}`)],
    withoutPlaces,
  );
}
