/** Settings of a namespace that would else be those of the machine a lab is built on (net/ipv4/devinet.c, `inet_init_net`). */
export const COMMON_SETTINGS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ['all', 'default'].flatMap((scope) =>
      Object.entries({
        rp_filter: 0,
        arp_ignore: 0,
        arp_announce: 0,
        arp_filter: 0,
        proxy_arp: 0,
        accept_local: 0,
        route_localnet: 0,
        src_valid_mark: 0,
      }).map(([name, value]) => [`net/ipv4/conf/${scope}/${name}`, value] as const),
    ),
  ),
  // Duplicate address detection would keep addresses from use for a second or two.
  'net/ipv6/conf/all/accept_dad': 0,
  'net/ipv6/conf/default/accept_dad': 0,
  'net/ipv6/conf/default/accept_ra': 0,
};

/** What makes a namespace pass packets on. */
export const FORWARDING: Readonly<Record<string, number>> = {
  'net/ipv4/ip_forward': 1,
  'net/ipv6/conf/all/forwarding': 1,
};
