import { parseBridgeFdb, parseBridgeFdbJson } from '../parsers/bridge-fdb/index.ts';
import { parseNstat } from '../parsers/counters/index.ts';
import { parseEthtoolDriver, parseEthtoolFeatures, parseEthtoolStats } from '../parsers/ethtool/index.ts';
import { parseIpAddr, parseIpAddrJson } from '../parsers/ip-addr/index.ts';
import { parseIpLink, parseIpLinkJson } from '../parsers/ip-link/index.ts';
import { parseIpNeigh, parseIpNeighJson } from '../parsers/ip-neigh/index.ts';
import { parseIpRoute, parseIpRouteJson } from '../parsers/ip-route/index.ts';
import { parseIpRule, parseIpRuleJson } from '../parsers/ip-rule/index.ts';
import { parseOvsFlows, parseOvsVsctlShow } from '../parsers/ovs/index.ts';
import { type AnyProbe, defineProbe } from './probe.ts';

export const ipLinkProbe = defineProbe({
  id: 'ip-link',
  title: 'interfaces',
  file: 'ip-link.txt',
  parse: parseIpLink,
  json: { file: 'ip-link.json', parse: parseIpLinkJson, command: ['ip', '-j', '-d', 'link'] },
  source: { kind: 'command', commands: [['ip', '-d', 'link']] },
  needs: 'nobody',
  perNamespace: true,
});

export const ipAddrProbe = defineProbe({
  id: 'ip-addr',
  title: 'addresses',
  file: 'ip-addr.txt',
  parse: parseIpAddr,
  json: { file: 'ip-addr.json', parse: parseIpAddrJson, command: ['ip', '-j', '-d', 'addr'] },
  source: { kind: 'command', commands: [['ip', '-d', 'addr']] },
  needs: 'nobody',
  perNamespace: true,
});

export const ipRouteProbe = defineProbe({
  id: 'ip-route',
  title: 'routes',
  file: 'ip-route.txt',
  parse: (text, lines) => parseIpRoute(text, 4, lines),
  json: {
    file: 'ip-route.json',
    parse: (text) => parseIpRouteJson(text, 4),
    command: ['ip', '-j', 'route', 'show', 'table', 'all'],
  },
  source: { kind: 'command', commands: [['ip', 'route', 'show', 'table', 'all']] },
  needs: 'nobody',
  perNamespace: true,
});

export const ip6RouteProbe = defineProbe({
  id: 'ip6-route',
  title: 'IPv6 routes',
  file: 'ip6-route.txt',
  parse: (text, lines) => parseIpRoute(text, 6, lines),
  json: {
    file: 'ip6-route.json',
    parse: (text) => parseIpRouteJson(text, 6),
    command: ['ip', '-6', '-j', 'route', 'show', 'table', 'all'],
  },
  source: { kind: 'command', commands: [['ip', '-6', 'route', 'show', 'table', 'all']] },
  needs: 'nobody',
  perNamespace: true,
});

export const ipRuleProbe = defineProbe({
  id: 'ip-rule',
  title: 'policy rules',
  file: 'ip-rule.txt',
  parse: (text) => parseIpRule(text, 4),
  json: { file: 'ip-rule.json', parse: (text) => parseIpRuleJson(text, 4), command: ['ip', '-j', 'rule'] },
  source: { kind: 'command', commands: [['ip', 'rule']] },
  needs: 'nobody',
  perNamespace: true,
});

export const ip6RuleProbe = defineProbe({
  id: 'ip6-rule',
  title: 'IPv6 policy rules',
  file: 'ip6-rule.txt',
  parse: (text) => parseIpRule(text, 6),
  json: {
    file: 'ip6-rule.json',
    parse: (text) => parseIpRuleJson(text, 6),
    command: ['ip', '-6', '-j', 'rule'],
  },
  source: { kind: 'command', commands: [['ip', '-6', 'rule']] },
  needs: 'nobody',
  perNamespace: true,
});

export const ipNeighProbe = defineProbe({
  id: 'ip-neigh',
  title: 'neighbours',
  file: 'ip-neigh.txt',
  parse: parseIpNeigh,
  json: { file: 'ip-neigh.json', parse: parseIpNeighJson, command: ['ip', '-4', '-j', 'neigh'] },
  source: { kind: 'command', commands: [['ip', '-4', 'neigh']] },
  needs: 'nobody',
  perNamespace: true,
});

export const ip6NeighProbe = defineProbe({
  id: 'ip6-neigh',
  title: 'IPv6 neighbours',
  file: 'ip6-neigh.txt',
  parse: parseIpNeigh,
  json: { file: 'ip6-neigh.json', parse: parseIpNeighJson, command: ['ip', '-6', '-j', 'neigh'] },
  source: { kind: 'command', commands: [['ip', '-6', 'neigh']] },
  needs: 'nobody',
  perNamespace: true,
});

export const bridgeFdbProbe = defineProbe({
  id: 'bridge-fdb',
  title: 'forwarding database',
  file: 'bridge-fdb.txt',
  parse: parseBridgeFdb,
  json: { file: 'bridge-fdb.json', parse: parseBridgeFdbJson, command: ['bridge', '-j', 'fdb', 'show'] },
  source: { kind: 'command', commands: [['bridge', 'fdb', 'show']] },
  needs: 'nobody',
  perNamespace: false,
});

export const ethtoolFeaturesProbe = defineProbe({
  id: 'ethtool-features',
  title: 'offload features',
  file: 'ethtool-features/*.txt',
  parse: parseEthtoolFeatures,
  source: { kind: 'command', commands: [['ethtool', '-k', '*']] },
  each: 'interface',
  needs: 'nobody',
  perNamespace: true,
});

export const ethtoolStatsProbe = defineProbe({
  id: 'ethtool-stats',
  title: 'device counters',
  file: 'ethtool-stats/*.txt',
  parse: parseEthtoolStats,
  source: { kind: 'command', commands: [['ethtool', '-S', '*']] },
  each: 'interface',
  needs: 'nobody',
  perNamespace: true,
  nothing: 'no stats available',
});

export const ethtoolDriverProbe = defineProbe({
  id: 'ethtool-driver',
  title: 'device driver',
  file: 'ethtool-driver/*.txt',
  parse: parseEthtoolDriver,
  source: { kind: 'command', commands: [['ethtool', '-i', '*']] },
  each: 'interface',
  needs: 'nobody',
  perNamespace: false,
});

export const nstatProbe = defineProbe({
  id: 'nstat',
  title: 'protocol counters',
  file: 'nstat.txt',
  parse: parseNstat,
  // Without -s nstat writes a history file below /tmp.
  source: { kind: 'command', commands: [['nstat', '-azs']] },
  needs: 'nobody',
  perNamespace: true,
});

export const ovsVsctlProbe = defineProbe({
  id: 'ovs-vsctl-show',
  title: 'Open vSwitch bridges',
  file: 'ovs-vsctl-show.txt',
  parse: parseOvsVsctlShow,
  source: { kind: 'command', commands: [['ovs-vsctl', 'show']] },
  needs: 'root',
  perNamespace: false,
});

/**
 * OpenFlow 1.0 knows no groups: flows that use one are printed without it. Antrea's bridges speak 1.0 besides 1.5 (1.3 in older
 * releases), and without this list the tool may settle on 1.0.
 */
const OPENFLOW = 'OpenFlow10,OpenFlow13,OpenFlow15';

export const ovsFlowsProbe = defineProbe({
  id: 'ovs-flows',
  title: 'Open vSwitch flows',
  file: 'ovs-flows.txt',
  parse: parseOvsFlows,
  source: { kind: 'command', commands: [['ovs-ofctl', '-O', OPENFLOW, 'dump-flows', 'br-int']] },
  needs: 'root',
  perNamespace: false,
});

export const ovsGroupsProbe = defineProbe({
  id: 'ovs-groups',
  title: 'Open vSwitch groups',
  file: 'ovs-groups.txt',
  parse: parseOvsFlows,
  source: { kind: 'command', commands: [['ovs-ofctl', '-O', OPENFLOW, 'dump-groups', 'br-int']] },
  needs: 'root',
  perNamespace: false,
});

/** Interfaces, addresses, routes, neighbours and their counters. */
export const NETWORK_PROBES: readonly AnyProbe[] = [
  ipLinkProbe,
  ipAddrProbe,
  ipRouteProbe,
  ip6RouteProbe,
  ipRuleProbe,
  ip6RuleProbe,
  ipNeighProbe,
  ip6NeighProbe,
  bridgeFdbProbe,
  ethtoolFeaturesProbe,
  ethtoolStatsProbe,
  ethtoolDriverProbe,
  nstatProbe,
  ovsVsctlProbe,
  ovsFlowsProbe,
  ovsGroupsProbe,
];
