/** Every ipset of kube-proxy, by its name for IPv4 without the prefix `KUBE-` (pkg/proxy/ipvs/ipset.go). */
const SETS = {
  'LOOP-BACK': {
    type: 'hash:ip,port,ip',
    comment: 'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose',
  },
  'CLUSTER-IP': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service cluster ip + port for masquerade purpose',
  },
  'EXTERNAL-IP': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service external ip + port for masquerade and filter purpose',
  },
  'EXTERNAL-IP-LOCAL': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service external ip + port with externalTrafficPolicy=local',
  },
  'LOAD-BALANCER': { type: 'hash:ip,port', comment: 'Kubernetes service lb portal' },
  'LOAD-BALANCER-FW': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service load balancer ip + port for load balancer with sourceRange',
  },
  'LOAD-BALANCER-LOCAL': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service load balancer ip + port with externalTrafficPolicy=local',
  },
  'LOAD-BALANCER-SOURCE-IP': {
    type: 'hash:ip,port,ip',
    comment: 'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
  },
  'LOAD-BALANCER-SOURCE-CIDR': {
    type: 'hash:ip,port,net',
    comment: 'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
  },
  'NODE-PORT-TCP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport TCP port for masquerade purpose',
  },
  'NODE-PORT-LOCAL-TCP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport TCP port with externalTrafficPolicy=local',
  },
  'NODE-PORT-UDP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport UDP port for masquerade purpose',
  },
  'NODE-PORT-LOCAL-UDP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport UDP port with externalTrafficPolicy=local',
  },
  'NODE-PORT-SCTP-HASH': {
    type: 'hash:ip,port',
    comment: "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
  },
  'NODE-PORT-LOCAL-SCTP-HASH': {
    type: 'hash:ip,port',
    comment: "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
  },
  'HEALTH-CHECK-NODE-PORT': { type: 'bitmap:port', comment: 'Kubernetes health check node port' },
  'IPVS-IPS': { type: 'hash:ip', comment: 'Addresses on the ipvs interface' },
} as const satisfies Record<string, { readonly type: string; readonly comment: string }>;

/** A set by its name for IPv4 without the prefix `KUBE-`. */
export type SetId = keyof typeof SETS;

/** The kernel takes 31 characters (`IPSET_MAXNAMELEN`). */
const MAX_LENGTH = 31;

/** The sets of one family with their members. */
export class ProxySets {
  readonly #family: 4 | 6;
  readonly #members = new Map<SetId, Set<string>>();

  constructor(family: 4 | 6) {
    this.#family = family;
  }

  /** Adds a member, as `ipset add` takes it. */
  add(id: SetId, member: string): void {
    const members = this.#members.get(id);
    if (members === undefined) this.#members.set(id, new Set([member]));
    else members.add(member);
  }

  isEmpty(id: SetId): boolean {
    return !this.#members.has(id);
  }

  /** What the set is called in this family. */
  name(id: SetId): string {
    return this.#family === 4 ? `KUBE-${id}` : `KUBE-6-${id}`.slice(0, MAX_LENGTH);
  }

  /** What kube-proxy says about it in rules. */
  comment(id: SetId): string {
    return SETS[id].comment;
  }

  /** All sets, with or without members, as an input for `ipset restore`. */
  text(): string {
    const ids = Object.keys(SETS) as SetId[];
    return ids
      .flatMap((id) => [
        `create ${this.name(id)} ${SETS[id].type} ${this.#settings(id)}`,
        ...[...(this.#members.get(id) ?? [])].map((member) => `add ${this.name(id)} ${member}`),
      ])
      .map((line) => `${line}\n`)
      .join('');
  }

  #settings(id: SetId): string {
    if (SETS[id].type === 'bitmap:port') return 'range 0-65535';
    return `family ${this.#family === 4 ? 'inet' : 'inet6'} hashsize 1024 maxelem 65536`;
  }
}
