import type { Place } from '../../model/evidence.ts';

/** A value of an attribute. `on` and `off` become booleans, decimal numbers become numbers. */
export type LinkValue = string | number | boolean;
export type LinkAttributes = Readonly<Record<string, LinkValue>>;

/** A network interface as `ip -d link` shows it. */
export interface Link extends Place {
  readonly index?: number;
  readonly name: string;
  /**
   * The text after `@`: the lower device of a VLAN, the other end of a veth, `if7` when that end is in another
   * namespace, `NONE` when there is no such device.
   */
  readonly peer?: string;
  /** Index of the peer in its own namespace, when it has no name here. */
  readonly peerIndex?: number;
  /** Number of the peer's namespace, as seen from this one. */
  readonly peerNetnsId?: number;
  /** Name of the peer's namespace; text form only, and only for namespaces made by `ip netns`. */
  readonly peerNetns?: string;
  readonly master?: string;
  readonly flags: readonly string[];
  readonly mtu?: number;
  /** Operational state: `UP`, `DOWN`, `UNKNOWN`, `LOWERLAYERDOWN` … */
  readonly state?: string;
  /** `ether`, `loopback`, `none`, `ipip` … */
  readonly linkType?: string;
  readonly mac?: string;
  readonly alias?: string;
  readonly altNames?: readonly string[];
  /** `vxlan`, `veth`, `bridge` …; absent for physical devices and where `-d` was not given. */
  readonly kind?: string;
  /**
   * Attributes of the kind under the names the text form prints: `id` (VNI or VLAN id), `local`, `remote`, `group`,
   * `dev` (lower device), `dstport`, `srcport` (`low-high`), `learning`, `udpcsum`, `ttl` (0 is auto) … Not kept:
   * timers. An option that is not printed is absent, apart
   * from the ones `vxlan-defaults.ts` fills in.
   */
  readonly details: LinkAttributes;
  /** Kind of the master this link belongs to: `bridge`, `bond`, `vrf` … */
  readonly slaveKind?: string;
  /** Attributes of this link as a port of its master, under the names the text form prints. */
  readonly slaveDetails: LinkAttributes;
  /**
   * Attributes that every link can have: `qdisc`, `mode`, `group`, `qlen`, `promiscuity`, `addrgenmode`, `gso_max_size` … `xdp` is true
   * where an XDP program is attached.
   */
  readonly attributes: LinkAttributes;
}
