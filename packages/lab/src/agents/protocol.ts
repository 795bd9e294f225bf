/** Port of DNS servers. */
export const DNS_PORT = 53;

/** What an agent is told when it starts. */
export interface AgentConfig {
  /** What it answers when asked who it is: `node/n1` or `pod/default/web-n1`. */
  readonly name: string;
  /** File of the socket on which it takes orders. */
  readonly socket: string;
  readonly port: number;
  /** Addresses of its namespace. Answers to datagrams have to come from the address that was asked. */
  readonly addresses: readonly string[];
  /** Names it answers for as a DNS server, with their addresses; absent where it is none. */
  readonly dns?: Readonly<Record<string, readonly string[]>>;
}

/** A packet, or a connection, that an agent is asked to send. */
export interface ProbeOrder {
  readonly kind: 'probe';
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'dns';
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** Bytes of the IP packet of a datagram; the smallest unless given. */
  readonly size?: number;
  /** Name that is asked for by DNS. */
  readonly name?: string;
}

export type Order = ProbeOrder | { readonly kind: 'stop-dns' | 'start-dns' | 'hello' };

/** What came of an order. */
export type Outcome = (Success | Failure) & {
  /** Port that the packet came from, where the protocol has ports. */
  readonly sourcePort?: number;
};

interface Success {
  readonly ok: true;
  /** Who answered, where the protocol can tell. */
  readonly server?: string;
  /** The address that the server saw. */
  readonly source?: string;
}

interface Failure {
  readonly ok: false;
  readonly error: string;
}
