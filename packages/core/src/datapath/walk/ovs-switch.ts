import type { Evidence } from '../../model/evidence.ts';
import { formatAddress } from '../../net/address.ts';
import type { OvsInterface, OvsSwitch } from '../../parsers/ovs/index.ts';
import { ovsFlowsProbe, ovsGroupsProbe, ovsVsctlProbe } from '../../probes/network.ts';
import type { Interface } from '../convert/interfaces.ts';
import { LOCAL_PORT } from '../elements/ovs/port-numbers.ts';
import { FlowTables } from '../elements/ovs/tables.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';
import { type Station, veth } from './veth.ts';

/** The bridge whose flows are collected. */
const BRIDGE = 'br-int';
/** What `ip link` shows as the master of all ports of all bridges. */
const DATAPATH_DEVICE = 'ovs-system';
/** Hardware address that Antrea gives all frames in tunnels (`GlobalVirtualMAC`). */
const TUNNEL_MAC = 'aa:bb:cc:dd:ee:ff';

export type SwitchTunnelKind = 'geneve' | 'vxlan' | 'gre';

/** UDP ports of tunnels where nothing else is set; GRE has none. */
const TUNNEL_PORTS: Readonly<Record<SwitchTunnelKind, number | undefined>> = {
  geneve: 6081,
  vxlan: 4789,
  gre: undefined,
};

/** A port of the bridge. */
export interface SwitchPort {
  readonly name: string;
  readonly kind: 'internal' | 'veth' | 'tunnel' | 'other';
  /** Its device on the node; tunnels have none of their own. */
  readonly device?: Interface;
  /** What the other end of a veth pair is, where it was collected. */
  readonly far?: Station;
  readonly tunnel?: { readonly kind: SwitchTunnelKind; readonly port: number | undefined };
  /** Its bridge, where that is not the one whose flows are collected. */
  readonly bridge?: string;
}

/** The Open vSwitch bridge of a node. */
export interface Switch {
  readonly namespace: Namespace;
  readonly ports: readonly SwitchPort[];
  /** Undefined where the flows were not collected. */
  readonly tables: FlowTables | undefined;
  /** Where the flows are, or would be. */
  readonly file: string;
  /** False where flows or groups were cut or not understood. */
  readonly isComplete: boolean;
}

const switches = new WeakMap<Namespace, Switch | null>();

/** The bridge of a node; undefined where there is none. */
export function switchOf(network: Network, namespace: Namespace): Switch | undefined {
  if (namespace.name !== '') return undefined;
  let found = switches.get(namespace);
  if (found === undefined) {
    found = readSwitch(network, namespace) ?? null;
    switches.set(namespace, found);
  }
  return found ?? undefined;
}

function readSwitch(network: Network, namespace: Namespace): Switch | undefined {
  const shown = namespace.evidence.read(ovsVsctlProbe)?.value;
  const flows = namespace.evidence.read(ovsFlowsProbe);
  const ports = [...devicePorts(network, namespace, shown), ...tunnelPorts(namespace, shown)];
  if (ports.length === 0) return undefined;
  const file = flows?.file ?? namespace.evidence.pathOf(ovsFlowsProbe);
  const groups = namespace.evidence.read(ovsGroupsProbe);
  const tables =
    flows === undefined
      ? undefined
      : new FlowTables(flows.value, file, {
          groups: groups?.value.groups ?? [],
          file: groups?.file ?? namespace.evidence.pathOf(ovsGroupsProbe),
        });
  for (const port of ports) {
    const number = tables === undefined ? undefined : numberByEnd(tables, ports, port);
    if (number !== undefined) tables?.ports.equate(port.name, number);
  }
  const isComplete = flows?.complete !== false && groups?.complete !== false;
  return { namespace, ports, tables, file, isComplete };
}

function devicePorts(
  network: Network,
  namespace: Namespace,
  shown: OvsSwitch | undefined,
): readonly SwitchPort[] {
  const listed = new Map(
    (shown?.bridges ?? []).flatMap((bridge) =>
      bridge.ports.flatMap(({ interfaces }) =>
        interfaces.map(({ name, type }) => [name, { type, bridge: bridge.name }] as const),
      ),
    ),
  );
  return [...(namespace.interfaces?.all.values() ?? [])].flatMap((device): SwitchPort[] => {
    const { name, link } = device;
    const { type, bridge } = listed.get(name) ?? {};
    if (name === DATAPATH_DEVICE || isTunnelDevice(device)) return [];
    const isInternal = link.kind === 'openvswitch' || type === 'internal';
    const isPort =
      link.master === DATAPATH_DEVICE || link.slaveKind === 'openvswitch' || bridge !== undefined;
    if (!isInternal && !isPort) return [];
    const far = link.kind === 'veth' ? veth(network, namespace, device) : undefined;
    return [
      {
        name,
        device,
        kind: isInternal ? 'internal' : link.kind === 'veth' ? 'veth' : 'other',
        ...(far === undefined ? {} : { far }),
        ...(bridge === undefined || bridge === BRIDGE ? {} : { bridge }),
      },
    ];
  });
}

/** Tunnels as `ovs-vsctl show` lists them; without it, the devices that the datapath makes for them. */
function tunnelPorts(namespace: Namespace, shown: OvsSwitch | undefined): readonly SwitchPort[] {
  const listed = interfacesOf(shown).flatMap(({ name, type = '', options }): SwitchPort[] => {
    if (!isTunnelKind(type)) return [];
    const port = options.get('dst_port');
    return [tunnelPort(name, type, port === undefined ? undefined : Number(port))];
  });
  if (listed.length > 0) return listed;
  return [...(namespace.interfaces?.all.values() ?? [])].filter(isTunnelDevice).map(({ name, link }) => {
    const { dstport } = link.details;
    const kind = name.startsWith('genev') ? 'geneve' : name.startsWith('vxlan') ? 'vxlan' : 'gre';
    return tunnelPort(name, kind, typeof dstport === 'number' ? dstport : undefined);
  });
}

function tunnelPort(name: string, kind: SwitchTunnelKind, port: number | undefined): SwitchPort {
  return { name, kind: 'tunnel', tunnel: { kind, port: port ?? TUNNEL_PORTS[kind] } };
}

function isTunnelKind(type: string): type is SwitchTunnelKind {
  return type === 'geneve' || type === 'vxlan' || type === 'gre';
}

/** Devices that the datapath makes for tunnels: `genev_sys_6081`, `vxlan_sys_4789`, `gre_sys`. */
function isTunnelDevice({ name, link }: Interface): boolean {
  return link.master === DATAPATH_DEVICE && /^(?:genev|vxlan|gre)_sys/.test(name);
}

function interfacesOf(shown: OvsSwitch | undefined): readonly OvsInterface[] {
  return (shown?.bridges ?? [])
    .filter(({ name }) => name === BRIDGE)
    .flatMap(({ ports }) => ports.flatMap(({ interfaces }) => interfaces));
}

/** The number that flows know a port by; undefined where no evidence tells. */
export function portNumber({ tables }: Switch, { name }: SwitchPort): bigint | undefined {
  return name === BRIDGE ? LOCAL_PORT : tables?.ports.named(name);
}

/** What the flows tell of the hardware address or the IP address behind a port. */
function numberByEnd(
  { ports: numbers }: FlowTables,
  ports: readonly SwitchPort[],
  port: SwitchPort,
): bigint | undefined {
  if (port.kind === 'tunnel') {
    const isOnly = ports.filter(({ kind }) => kind === 'tunnel').length === 1;
    return isOnly ? numbers.withMac(TUNNEL_MAC) : undefined;
  }
  const end = endOf(port);
  const byMac = end?.link.mac === undefined ? undefined : numbers.withMac(end.link.mac);
  if (byMac !== undefined) return byMac;
  return end?.addresses
    .map(({ address }) => numbers.withAddress(formatAddress(address)))
    .find((id) => id !== undefined);
}

/** The port that flows know by a number. */
export function portWithNumber(found: Switch, number: bigint): SwitchPort | undefined {
  return found.ports.find((port) => portNumber(found, port) === number);
}

/** The interface that takes what goes out by a port. */
export function endOf(port: SwitchPort): Interface | undefined {
  return port.kind === 'internal' ? port.device : port.far?.device;
}

/** The port that a device of the node is, or that the other end of a veth pair is. */
export function portBehind(
  network: Network,
  namespace: Namespace,
  device: Interface,
): { readonly found: Switch; readonly port: SwitchPort } | undefined {
  const host = network.nodes.get(namespace.node)?.host;
  if (host === undefined || switchOf(network, host) === undefined) return undefined;
  const own = portOf(network, namespace, device.name);
  if (own !== undefined) return own.port.kind === 'internal' ? own : undefined;
  if (device.link.kind !== 'veth') return undefined;
  const far = veth(network, namespace, device);
  return far === undefined ? undefined : portOf(network, far.namespace, far.device.name);
}

/** The port that a device of the node is. */
export function portOf(
  network: Network,
  namespace: Namespace,
  device: string,
): { readonly found: Switch; readonly port: SwitchPort } | undefined {
  const found = switchOf(network, namespace);
  const port = found?.ports.find(({ name, kind }) => name === device && kind !== 'tunnel');
  return found === undefined || port === undefined ? undefined : { found, port };
}

/** Where the device of a port stands. */
export function placeOfPort({ file }: Switch, { device }: SwitchPort): Evidence {
  return device?.place ?? { file };
}
