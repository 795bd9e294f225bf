import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Cause } from '../../model/diagnosis.ts';
import { describePacket } from '../../rules/describe-packet.ts';
import { runsIn } from '../../rules/place-name.ts';
import { type RuleLoss, ruleLoss } from '../../rules/rule-loss.ts';
import { ruleText, type StoredRule } from '../../rules/stored-rule.ts';
import type { CauseDefinition, Leg } from '../cause.ts';
import { inBoth, isLeftBehind, type RuleHome, ruleHomes } from './homes.ts';

/** Rules in both back ends of iptables: the kernel asks both, so what one accepts the other may still drop. */
export const backendsMixed: CauseDefinition = {
  id: 'backends-mixed',
  title: 'rules in both back ends of iptables',
  find(leg) {
    const loss = ruleLoss(leg);
    const blocking = loss === undefined ? undefined : blocks(leg, loss);
    return blocking === undefined ? hazards(leg) : [blocking];
  },
};

type IptablesRule = Extract<StoredRule, { kind: 'iptables' }>;

function blocks(leg: Leg, loss: RuleLoss): Cause | undefined {
  const { namespace, stored, packet, place } = loss;
  if (stored.kind !== 'iptables') return undefined;
  const homes = ruleHomes(namespace, packet.destination.family);
  const home = homes.find(({ dump }) => dump.file === stored.dump.file);
  const other = homes.find(({ dump }) => dump.file !== stored.dump.file);
  if (home === undefined || other === undefined) return undefined;
  const isLeft = isOfKubernetes(stored, home) && isLeftBehind(home, other) && inBoth(home, other).length > 0;
  const isSplit = stored.rule === undefined && !home.hasCalico && other.hasCalico && home.services > 0;
  if (!isLeft && !isSplit) return undefined;
  const { backend } = home.dump;
  const rule =
    stored.rule === undefined
      ? `the policy of ${stored.chain.name}`
      : `a rule of ${stored.chain.name} (${ruleText(stored)})`;
  const why = isLeft
    ? `The rules there are left over: the ones in use are those of ${other.dump.command}, and the kernel asks both.`
    : `Calico's rules, which accept it, are those of ${other.dump.command}, and an accept in one does not count in the other.`;
  return {
    cause: 'backends-mixed',
    effect: 'blocks',
    direction: leg.direction,
    subject: { kind: 'node', name: namespace.node },
    text: `On ${namespace.node} ${rule} in ${home.dump.command} drops ${describePacket(packet)}. ${why}`,
    evidence: [place, { file: other.dump.file }],
    remedies: isLeft ? clearing(namespace, home, stored) : accepting(namespace, home, stored, backend),
  };
}

/** Rules of Calico and Kubernetes, and policies of the chains that they work in. */
function isOfKubernetes(stored: IptablesRule, home: RuleHome): boolean {
  if (stored.rule === undefined) return home.hasCalico || home.services > 0;
  return /^(?:cali-|KUBE-)/.test(stored.chain.name) || /"cali:/.test(ruleText(stored));
}

function clearing(namespace: Namespace, { dump }: RuleHome, stored: IptablesRule): Cause['remedies'] {
  const chains = dump.save.tables.get('filter')?.chains;
  const dropping = ['FORWARD', ...(stored.rule === undefined ? [stored.chain.name] : [])].filter(
    (name) => chains?.get(name)?.policy === 'DROP',
  );
  // What Calico accepted there is dropped by the policy once its rules are gone.
  const policies = [...new Set(dropping)]
    .map((name) => ` | sed 's/^:${name} DROP/:${name} ACCEPT/'`)
    .join('');
  return [
    {
      kind: 'node-command',
      text: `Take the rules of Calico and Kubernetes out of ${dump.command}, and leave all others.`,
      command: `${dump.command}-save | grep -v -e cali- -e cali: -e KUBE-${policies} | ${dump.command}-restore`,
      where: runsIn(namespace),
      ...(policies === '' ? {} : { sideEffects: `${dropping.join(' and ')} accepts by default there.` }),
    },
    sameBackend(),
  ];
}

function accepting(
  namespace: Namespace,
  { dump }: RuleHome,
  stored: IptablesRule,
  backend: string,
): Cause['remedies'] {
  return [
    {
      kind: 'node-command',
      text: `Let ${stored.chain.name} accept by default in ${dump.command}; Calico drops what its policies do not allow.`,
      command: `${dump.command} -t ${stored.table} -P ${stored.chain.name} ACCEPT`,
      where: runsIn(namespace),
      sideEffects: 'Packets that are not for pods are forwarded as well.',
    },
    {
      kind: 'set-field',
      component: 'calico',
      text: `Set iptablesBackend of FelixConfiguration to ${backend === 'nft' ? 'NFT' : 'Legacy'}, so that all rules are in one back end.`,
    },
  ];
}

function sameBackend(): Cause['remedies'][number] {
  return {
    kind: 'manual',
    text: 'Let calico-node, kube-proxy and the tools of the host use the same back end (FELIX_IPTABLESBACKEND, update-alternatives), and reboot the node, which clears both.',
  };
}

function hazards({ direction, trail }: Leg): readonly Cause[] {
  const { family } = trail.sent.destination;
  const hosts = new Set(trail.hops.map(({ namespace }) => namespace).filter(({ name }) => name === ''));
  return [...hosts].flatMap((namespace) => {
    const [left, right] = ruleHomes(namespace, family);
    const programs = left === undefined || right === undefined ? [] : inBoth(left, right);
    if (left === undefined || right === undefined || programs.length === 0) return [];
    return [
      {
        cause: 'backends-mixed',
        effect: 'hazard',
        direction,
        subject: { kind: 'node', name: namespace.node },
        text: `On ${namespace.node} ${programs.join(' and ')} has rules in ${left.dump.command} and in ${right.dump.command}. The kernel asks both, so the older ones can drop or translate what the newer ones allow.`,
        evidence: [{ file: left.dump.file }, { file: right.dump.file }],
        remedies: [sameBackend()],
      },
    ];
  });
}
