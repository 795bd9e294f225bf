import type { Place } from '../../model/evidence.ts';

/** The IPVS services of a node. */
export interface Ipvs {
  /** Version of IPVS and size of its connection table, from the heading of a listing. */
  readonly version?: string;
  readonly connectionTableSize?: number;
  readonly services: readonly IpvsService[];
}

/** One virtual service: an address and port, or a firewall mark. */
export interface IpvsService extends Place {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'FWM';
  /** IPv6 without brackets. Absent with FWM. */
  readonly address?: string;
  readonly port?: number;
  /** With FWM only. */
  readonly fwmark?: number;
  /** `rr`, `wlc`, …; absent in listings with counters, which do not show it. */
  readonly scheduler?: string;
  /** Whether a client stays with its server. */
  readonly isPersistent: boolean;
  /** Seconds; absent where they are not shown in seconds (`/proc/net/ip_vs`). */
  readonly persistentSeconds?: number;
  /** What else is printed about the service: `mask 255.255.255.0`, `ops`, `pe sip`, … word by word. */
  readonly flags: readonly string[];
  readonly servers: readonly IpvsServer[];
  /** Further columns by their heading, for example `Conns`, `InPkts`, `CPS`. */
  readonly counters: ReadonlyMap<string, number>;
}

/** One real server of a service. */
export interface IpvsServer extends Place {
  readonly address: string;
  readonly port: number;
  /** How packets reach it; absent in listings that do not show it. */
  readonly forward?: 'masq' | 'route' | 'tunnel' | 'local' | 'bypass';
  readonly weight?: number;
  readonly activeConnections?: number;
  readonly inactiveConnections?: number;
  readonly counters: ReadonlyMap<string, number>;
}

/** `ipvsadm --list --timeout`, in seconds. */
export interface IpvsTimeouts extends Place {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}
