/** A counter and where it was read. */
export interface Counter {
  readonly value: number;
  readonly line: number;
}

/** Kernel counters under the names `nstat` gives them: `UdpInCsumErrors`, `TcpExtListenDrops`, `Ip6InReceives` … */
export type Counters = ReadonlyMap<string, Counter>;
