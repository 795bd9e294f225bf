import type { Route } from '../../../parsers/ip-route/index.ts';
import { ipAddrProbe, ipRouteProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { gateway } from './gateway.ts';
import { agentSetting } from './setting.ts';

interface Loss {
  readonly text: string;
  readonly origins: readonly Origin[];
}

const MISSING = {
  fact: 'addresses and routes of the gateway interface',
  command: 'ip addr; ip route show table all',
  where: 'node',
};

/**
 * What the gateway interface has lost: its address of the node's pod range, or (with tunnels) its routes to all other
 * nodes. Single missing routes do not count, as a node may just have joined.
 */
export const gatewayLosses: FactDefinition<readonly string[]> = {
  id: 'antrea.gateway-losses',
  title: 'addresses and routes missing on the gateway interface',
  level: 'node',
  format: (losses) => losses.join('; ') || 'none',
  compute(read) {
    const name = read.fact(gateway);
    if (name.state === 'unknown') return name;
    const address = lostAddress(read, name.value);
    const routes = lostRoutes(read, name.value);
    const losses = [address, routes].filter((loss) => loss !== undefined && loss !== 'none');
    if (losses.length > 0) {
      return known(
        losses.map(({ text }) => text),
        ...losses.flatMap(({ origins }) => origins),
      );
    }
    return address === 'none' || routes === 'none' ? known([]) : unknown(MISSING);
  },
};

function podRanges(node: StoredObject | undefined): readonly string[] {
  const spec = node?.object.spec as
    | { readonly podCIDR?: string; readonly podCIDRs?: readonly string[] }
    | undefined;
  const ranges = spec?.podCIDRs ?? (spec?.podCIDR === undefined ? [] : [spec.podCIDR]);
  return ranges.filter((range) => !range.includes(':'));
}

/** `none`: nothing is lost. Undefined: nobody can tell. */
function lostAddress(read: Reader, name: string): Loss | 'none' | undefined {
  const probe = read.probe(ipAddrProbe);
  const node = read.nodeObject();
  const [range] = podRanges(node);
  if (probe.state === 'missing' || node === undefined || range === undefined) return undefined;
  const link = probe.value.find((one) => one.name === name);
  if (link === undefined) return undefined;
  if (link.addresses.some(({ family }) => family === 4)) return 'none';
  if (!probe.complete) return undefined;
  return {
    text: `${name} has no address of ${range}`,
    origins: [at(probe.file, link), inObject(node, '/spec')],
  };
}

function lostRoutes(read: Reader, name: string): Loss | 'none' | undefined {
  const mode = read.fact(agentSetting, 'trafficEncapMode');
  const probe = read.probe(ipRouteProbe);
  const nodes = read.objects('nodes');
  const own = read.nodeObject();
  if (mode.state === 'unknown' || mode.value !== 'encap' || probe.state === 'missing') return undefined;
  if (own === undefined || nodes?.complete !== true) return undefined;
  const others = nodes.items.filter(
    ({ object }) => object.metadata.name !== own.object.metadata.name && isReadyLinux(object),
  );
  const ranges = [...new Set(others.flatMap(podRanges))];
  const routed = new Set(
    probe.value.filter((route) => isBy(route, name)).map(({ destination }) => destination),
  );
  if (ranges.length === 0 || ranges.some((range) => routed.has(range))) return 'none';
  if (!probe.complete) return undefined;
  return {
    text: `no route by ${name} to ${ranges.slice(0, 3).join(', ')}${ranges.length > 3 ? ' …' : ''}`,
    origins: [at(probe.file, {})],
  };
}

function isBy({ device, nextHops }: Route, name: string): boolean {
  return device === name || nextHops.some((hop) => hop.device === name);
}

function isReadyLinux({ metadata, status }: StoredObject['object']): boolean {
  const labels = metadata.labels as Readonly<Record<string, string>> | undefined;
  if (labels?.['kubernetes.io/os'] === 'windows') return false;
  const conditions = (status as { conditions?: readonly { type?: string; status?: string }[] } | undefined)
    ?.conditions;
  const ready = conditions?.find(({ type }) => type === 'Ready');
  return ready === undefined || ready.status === 'True';
}
