/**
 * Files of sos_commands and our files of the same output. Not used: `ip -o addr`, which is another format, and
 * `iptables -vnxL`, which leaves out what rules really say.
 */
const COMMANDS: Readonly<Record<string, string>> = {
  'kernel/uname_-a': 'uname.txt',
  'kernel/lsmod': 'lsmod.txt',
  'kernel/sysctl_-a': 'sysctl.txt',
  'kernel/dmesg': 'dmesg.txt',
  'networking/ip_-d_address': 'ip-addr.txt',
  'networking/ip_-s_-d_link': 'ip-link.txt',
  'networking/ip_route_show_table_all': 'ip-route.txt',
  'networking/ip_-6_route_show_table_all': 'ip6-route.txt',
  'networking/ip_-4_rule_list': 'ip-rule.txt',
  'networking/ip_-6_rule_list': 'ip6-rule.txt',
  'networking/ip_-s_-s_neigh_show': 'ip-neigh.txt',
  'networking/bridge_-s_-s_-d_-t_fdb_show': 'bridge-fdb.txt',
  'networking/nstat_-zas': 'nstat.txt',
  'firewall_tables/nft_list_ruleset': 'nft-ruleset.txt',
  'firewall_tables/nft_-a_list_ruleset': 'nft-ruleset.txt',
  'conntrack/conntrack_-S': 'conntrack-stats.txt',
  'conntrack/conntrack_-L_-o_extended': 'conntrack-list.txt',
  'ipvs/ipvsadm_-Ln': 'ipvsadm-list.txt',
  'ipvs/ipvsadm_-Ln_--timeout': 'ipvsadm-timeout.txt',
  'openvswitch/ovs-vsctl_-t_5_show': 'ovs-vsctl-show.txt',
  'openvswitch/ovs-ofctl_dump-flows_br-int': 'ovs-flows.txt',
  'openvswitch/ovs-ofctl_dump-groups_br-int': 'ovs-groups.txt',
  'systemd/systemctl_list-units_--all': 'units.txt',
  'logs/journalctl_--no-pager_--boot': 'journal.txt',
  'logs/journalctl_--no-pager_--catalog_--boot': 'journal.txt',
};

/** Outputs for each network device. */
const DEVICE_COMMANDS: readonly (readonly [start: string, folder: string])[] = [
  ['ethtool_-k_', 'ethtool-features'],
  ['ethtool_-S_', 'ethtool-stats'],
  ['ethtool_-i_', 'ethtool-driver'],
];

/** Inside a network namespace; the command line starts with `ip netns exec <name>`. */
const NAMESPACE_COMMANDS: Readonly<Record<string, string>> = {
  'ip_-d_address_show': 'ip-addr.txt',
  ip_route_show_table_all: 'ip-route.txt',
  'ip_-s_-s_neigh_show': 'ip-neigh.txt',
  'ip_-4_rule_list': 'ip-rule.txt',
  'ip_-6_rule_list': 'ip6-rule.txt',
  'sysctl_-a': 'sysctl.txt',
  'iptables-save': 'iptables-save.txt',
  'ip6tables-save': 'ip6tables-save.txt',
  'nstat_-zas': 'nstat.txt',
};

/** Our file, below the node, for an output of a command. */
export function commandFile(path: string): string | undefined {
  const inside = /^sos_commands\/(.+)$/.exec(path)?.[1];
  if (inside === undefined) return undefined;
  if (Object.hasOwn(COMMANDS, inside)) return COMMANDS[inside];
  const namespace = /^networking\/namespaces\/([^/]+)\/ip_netns_exec_([^/]+)$/.exec(inside);
  if (namespace !== null) return namespaceFile(namespace[1] ?? '', namespace[2] ?? '');
  const command = /^networking\/([^/]+)$/.exec(inside)?.[1];
  return command === undefined ? undefined : deviceFile(command);
}

function namespaceFile(name: string, command: string): string | undefined {
  if (!command.startsWith(`${name}_`)) return undefined;
  const rest = command.slice(name.length + 1);
  const file = Object.hasOwn(NAMESPACE_COMMANDS, rest) ? NAMESPACE_COMMANDS[rest] : deviceFile(rest);
  return file === undefined ? undefined : `netns/${name}/${file}`;
}

function deviceFile(command: string): string | undefined {
  for (const [start, folder] of DEVICE_COMMANDS) {
    if (command.startsWith(start)) return `${folder}/${command.slice(start.length)}.txt`;
  }
  return undefined;
}
