import { parseConntrackList, parseConntrackStats } from '../parsers/conntrack/index.ts';
import { parseIpsetSave } from '../parsers/ipset/index.ts';
import { parseIptablesPath } from '../parsers/iptables-path/index.ts';
import { parseIptablesSave } from '../parsers/iptables-save/index.ts';
import { parseIptablesVersion } from '../parsers/iptables-version/index.ts';
import { parseIpvsList, parseIpvsSave, parseIpvsTimeout } from '../parsers/ipvs/index.ts';
import { parseNftRuleset, parseNftRulesetJson } from '../parsers/nft/index.ts';
import { type AnyProbe, defineProbe } from './probe.ts';

export const iptablesVersionProbe = defineProbe({
  id: 'iptables-version',
  title: 'iptables version of the host',
  file: 'iptables-version.txt',
  parse: parseIptablesVersion,
  source: { kind: 'command', commands: [['iptables', '-V']] },
  needs: 'nobody',
  perNamespace: false,
});

export const containerIptablesVersionProbe = defineProbe({
  id: 'iptables-version-in-container',
  title: 'iptables version in a container',
  file: 'iptables-version-*.txt',
  parse: parseIptablesVersion,
  each: 'container',
  needs: 'nobody',
  perNamespace: false,
});

export const iptablesPathProbe = defineProbe({
  id: 'iptables-path',
  title: 'iptables binary of the host',
  file: 'iptables-path.txt',
  parse: parseIptablesPath,
  source: {
    kind: 'special',
    method: 'iptables-path',
    command: 'ls -al $(command -v iptables), following links',
  },
  needs: 'nobody',
  perNamespace: false,
});

export const iptablesLegacySaveProbe = defineProbe({
  id: 'iptables-legacy-save',
  title: 'legacy iptables rules',
  file: 'iptables-legacy-save.txt',
  parse: parseIptablesSave,
  source: { kind: 'command', commands: [['iptables-legacy-save', '-c']] },
  needs: 'root',
  perNamespace: true,
});

export const iptablesNftSaveProbe = defineProbe({
  id: 'iptables-nft-save',
  title: 'nft iptables rules',
  file: 'iptables-nft-save.txt',
  parse: parseIptablesSave,
  source: { kind: 'command', commands: [['iptables-nft-save', '-c']] },
  needs: 'root',
  perNamespace: true,
  module: 'nf_tables',
});

export const ip6tablesLegacySaveProbe = defineProbe({
  id: 'ip6tables-legacy-save',
  title: 'legacy ip6tables rules',
  file: 'ip6tables-legacy-save.txt',
  parse: parseIptablesSave,
  source: { kind: 'command', commands: [['ip6tables-legacy-save', '-c']] },
  needs: 'root',
  perNamespace: true,
});

export const ip6tablesNftSaveProbe = defineProbe({
  id: 'ip6tables-nft-save',
  title: 'nft ip6tables rules',
  file: 'ip6tables-nft-save.txt',
  parse: parseIptablesSave,
  source: { kind: 'command', commands: [['ip6tables-nft-save', '-c']] },
  needs: 'root',
  perNamespace: true,
  module: 'nf_tables',
});

export const iptablesSaveProbe = defineProbe({
  id: 'iptables-save',
  title: 'iptables rules',
  file: 'iptables-save.txt',
  parse: parseIptablesSave,
  source: { kind: 'command', commands: [['iptables-save', '-c']] },
  needs: 'root',
  perNamespace: true,
  unlessFound: ['iptables-legacy-save', 'iptables-nft-save'],
});

export const ip6tablesSaveProbe = defineProbe({
  id: 'ip6tables-save',
  title: 'ip6tables rules',
  file: 'ip6tables-save.txt',
  parse: parseIptablesSave,
  source: { kind: 'command', commands: [['ip6tables-save', '-c']] },
  needs: 'root',
  perNamespace: true,
  unlessFound: ['ip6tables-legacy-save', 'ip6tables-nft-save'],
});

export const nftRulesetProbe = defineProbe({
  id: 'nft-ruleset',
  title: 'nftables ruleset',
  file: 'nft-ruleset.txt',
  parse: parseNftRuleset,
  json: { file: 'nft-ruleset.json', parse: parseNftRulesetJson, command: ['nft', '-j', 'list', 'ruleset'] },
  source: { kind: 'command', commands: [['nft', 'list', 'ruleset']] },
  needs: 'root',
  perNamespace: true,
  module: 'nf_tables',
});

export const ipsetSaveProbe = defineProbe({
  id: 'ipset-save',
  title: 'IP sets',
  file: 'ipset-save.txt',
  parse: parseIpsetSave,
  source: { kind: 'command', commands: [['ipset', 'save']] },
  needs: 'root',
  perNamespace: true,
  module: 'ip_set',
});

export const ipvsSaveProbe = defineProbe({
  id: 'ipvsadm-save',
  title: 'IPVS services',
  file: 'ipvsadm-save.txt',
  parse: parseIpvsSave,
  source: { kind: 'command', commands: [['ipvsadm', '-Sn']] },
  needs: 'root',
  perNamespace: false,
  module: 'ip_vs',
});

export const ipvsListProbe = defineProbe({
  id: 'ipvsadm-list',
  title: 'IPVS connections by server',
  file: 'ipvsadm-list.txt',
  parse: parseIpvsList,
  source: {
    kind: 'command',
    commands: [
      ['ipvsadm', '-Ln'],
      ['cat', '/proc/net/ip_vs'],
    ],
  },
  needs: 'root',
  perNamespace: false,
  module: 'ip_vs',
});

export const ipvsTimeoutProbe = defineProbe({
  id: 'ipvsadm-timeout',
  title: 'IPVS timeouts',
  file: 'ipvsadm-timeout.txt',
  parse: parseIpvsTimeout,
  source: { kind: 'command', commands: [['ipvsadm', '--list', '--timeout']] },
  needs: 'root',
  perNamespace: false,
  module: 'ip_vs',
});

export const conntrackStatsProbe = defineProbe({
  id: 'conntrack-stats',
  title: 'conntrack counters',
  file: 'conntrack-stats.txt',
  parse: parseConntrackStats,
  source: { kind: 'command', commands: [['conntrack', '-S']] },
  needs: 'root',
  perNamespace: false,
  module: 'nf_conntrack',
  loads: 'nf_conntrack_netlink',
  samples: { count: 2, seconds: 1 },
});

export const conntrackListProbe = defineProbe({
  id: 'conntrack-list',
  title: 'connections tracked',
  file: 'conntrack-list.txt',
  parse: parseConntrackList,
  source: {
    kind: 'command',
    commands: [
      ['conntrack', '-L'],
      ['cat', '/proc/net/nf_conntrack'],
    ],
  },
  needs: 'root',
  perNamespace: false,
  module: 'nf_conntrack',
  loads: 'nf_conntrack_netlink',
});

/** Packet filters and load balancers of the kernel: iptables of both back ends, nftables, sets, IPVS, conntrack. */
export const FIREWALL_PROBES: readonly AnyProbe[] = [
  iptablesVersionProbe,
  containerIptablesVersionProbe,
  iptablesPathProbe,
  iptablesLegacySaveProbe,
  iptablesNftSaveProbe,
  ip6tablesLegacySaveProbe,
  ip6tablesNftSaveProbe,
  iptablesSaveProbe,
  ip6tablesSaveProbe,
  nftRulesetProbe,
  ipsetSaveProbe,
  ipvsSaveProbe,
  ipvsListProbe,
  ipvsTimeoutProbe,
  conntrackStatsProbe,
  conntrackListProbe,
];
