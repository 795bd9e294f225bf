import type { StoredRule } from './stored-rule.ts';
import { ruleText } from './stored-rule.ts';

/** Who made a rule, as far as names tell, and how to keep it from coming back. */
export interface RuleOwner {
  readonly name: string;
  /** What to do with the program that makes the rule. */
  readonly lasting: string;
  /** Whether it keeps the rule as the network needs it, so that nobody should take it away. */
  readonly isNetwork?: boolean;
}

interface Owner extends RuleOwner {
  readonly chain?: RegExp;
  readonly table?: RegExp;
}

const OWNERS: readonly Owner[] = [
  {
    name: 'kube-router',
    isNetwork: true,
    chain: /^KUBE-(?:ROUTER-|POD-FW-|NWPLCY-)/,
    lasting: 'kube-router writes its rules anew from the network policies: change the policy.',
  },
  {
    name: 'kube-proxy',
    isNetwork: true,
    chain: /^KUBE-/,
    table: /^kube-proxy$/,
    lasting: 'kube-proxy writes this rule anew: find out why the packet is in the state that the rule names.',
  },
  {
    name: 'Calico',
    isNetwork: true,
    chain: /^(?:\w+-)?cali-/,
    table: /^calico$/,
    lasting:
      'Felix writes its rules anew from what it knows of pods and policies: look at the log of calico-node on this node, and restart it.',
  },
  {
    name: 'Antrea',
    isNetwork: true,
    chain: /^ANTREA-/,
    lasting: 'The Antrea agent writes its rules anew: look at its log.',
  },
  {
    name: 'Cilium',
    isNetwork: true,
    chain: /^CILIUM_/,
    lasting: 'The Cilium agent writes its rules anew: look at its log.',
  },
  {
    name: 'Docker',
    chain: /^DOCKER/,
    lasting:
      'Docker writes its rules anew when it starts: set "iptables": false in /etc/docker/daemon.json, or take Docker off the node.',
  },
  {
    name: 'ufw',
    chain: /^ufw6?-/,
    lasting:
      'Allow the networks of nodes and pods with ufw (DEFAULT_FORWARD_POLICY in /etc/default/ufw), or ufw disable.',
  },
  {
    name: 'firewalld',
    chain: /^(?:FORWARD|INPUT|FWD[IO]?|IN|OUT|PRE|POST)_.+|^(?:FORWARD|INPUT)_(?:IN|OUT)_ZONES/,
    table: /^firewalld/,
    lasting:
      'Put the networks of nodes and pods into the zone trusted (firewall-cmd --permanent --zone=trusted --add-source=…), or systemctl disable --now firewalld.',
  },
  { name: 'libvirt', chain: /^LIBVIRT_/, lasting: 'Libvirt writes its rules anew when a network starts.' },
];

const NOBODY: RuleOwner = {
  name: 'nobody that is known; it looks made by hand',
  lasting:
    'Take the rule out of what loads it at boot (/etc/iptables/rules.v4, /etc/sysconfig/iptables, /etc/nftables.conf, or a script).',
};

/** Who seems to own a rule: by its chain or table, by the comment that programs put on it, for chain policies by who sets them. */
export function ownerOf(stored: StoredRule): RuleOwner {
  const { name } = stored.chain;
  const table = stored.kind === 'nftables' ? stored.table.name : '';
  const named = OWNERS.find((owner) => owner.chain?.test(name) === true || owner.table?.test(table) === true);
  if (named !== undefined) return named;
  const text = ruleText(stored);
  if (/"?cali:[\w-]{16}/.test(text)) return OWNERS.find((owner) => owner.name === 'Calico') ?? NOBODY;
  return stored.rule === undefined ? policyOwner(stored) : NOBODY;
}

/** Docker sets the policy of FORWARD to DROP when it starts (libnetwork/iptables, since Docker 1.13). */
function policyOwner(stored: StoredRule): RuleOwner {
  const chains = [
    ...(stored.kind === 'iptables'
      ? (stored.dump.save.tables.get(stored.table)?.chains.keys() ?? [])
      : stored.table.chains.keys()),
  ];
  const by = (pattern: RegExp) => chains.some((chain) => pattern.test(chain));
  if (stored.chain.name === 'FORWARD' && by(/^DOCKER/)) {
    return {
      name: 'Docker, which sets this policy when it starts',
      lasting:
        'Set "ip-forward-no-drop": true (Docker 28 and newer) or "iptables": false in /etc/docker/daemon.json.',
    };
  }
  if (by(/^ufw6?-/)) return OWNERS.find((owner) => owner.name === 'ufw') ?? NOBODY;
  return NOBODY;
}
