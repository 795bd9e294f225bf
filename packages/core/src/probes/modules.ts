/**
 * Kernel modules that known issues, Kubernetes network components and their CNI plugins ask for: `modules-available.txt`
 * tells of each whether it could be loaded. `ipt_MARK` and `ip6t_MARK` are aliases of `xt_mark`, which the kernel asks
 * for when it lacks the target for one family.
 */
export const MODULES: readonly string[] = [
  // Load balancing of kube-proxy.
  ...['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'ip_vs_lc', 'ip_vs_wlc'],
  ...['nf_conntrack', 'nf_conntrack_netlink', 'nf_nat', 'nf_flow_table'],
  // Packet filters, legacy and nftables.
  ...['ip_tables', 'iptable_filter', 'iptable_nat', 'iptable_mangle', 'iptable_raw'],
  ...['ip6_tables', 'ip6table_filter', 'ip6table_nat', 'ip6table_mangle', 'ip6table_raw'],
  ...['nf_tables', 'nft_chain_nat', 'nft_compat', 'nft_ct', 'nft_fib', 'nft_masq', 'nft_nat', 'nft_numgen'],
  // Matches and targets.
  ...[
    'xt_addrtype',
    'xt_bpf',
    'xt_comment',
    'xt_conntrack',
    'xt_mark',
    'ipt_MARK',
    'ip6t_MARK',
    'xt_multiport',
  ],
  ...[
    'xt_nat',
    'xt_nfacct',
    'xt_physdev',
    'xt_recent',
    'xt_set',
    'xt_socket',
    'xt_statistic',
    'xt_tcpudp',
    'xt_u32',
  ],
  ...['xt_CT', 'xt_MASQUERADE', 'xt_NFLOG', 'xt_TCPMSS', 'xt_TPROXY'],
  ...['ipt_REJECT', 'ip6t_REJECT', 'ipt_rpfilter', 'ip6t_rpfilter', 'ip6t_NPT'],
  // Sets.
  ...['ip_set', 'ip_set_bitmap_port', 'ip_set_hash_ip', 'ip_set_hash_ipport', 'ip_set_hash_ipportip'],
  ...[
    'ip_set_hash_ipportnet',
    'ip_set_hash_net',
    'ip_set_hash_netnet',
    'ip_set_hash_netport',
    'ip_set_list_set',
  ],
  // Links and tunnels.
  ...['bridge', 'br_netfilter', 'veth', 'dummy', 'macvlan', 'ipvlan', '8021q', 'bonding', 'ifb', 'overlay'],
  ...['vxlan', 'geneve', 'ipip', 'ip_gre', 'ip6_tunnel', 'sit', 'wireguard', 'esp4', 'esp6', 'xfrm_user'],
  ...['openvswitch', 'vport_vxlan', 'vport_geneve', 'vport_gre'],
  // Traffic control, for the bandwidth plugin and eBPF.
  ...[
    'sch_ingress',
    'sch_tbf',
    'sch_htb',
    'sch_fq',
    'cls_bpf',
    'cls_u32',
    'cls_matchall',
    'act_mirred',
    'act_police',
  ],
  'sctp',
];
