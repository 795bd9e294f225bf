import type { CauseRemedy } from '../../model/diagnosis.ts';
import { commandAgainst } from '../../rules/commands.ts';
import { describePacket } from '../../rules/describe-packet.ts';
import { ownerOf } from '../../rules/owner.ts';
import { placeName, runsIn } from '../../rules/place-name.ts';
import { ruleLoss } from '../../rules/rule-loss.ts';
import { ruleText } from '../../rules/stored-rule.ts';
import type { CauseDefinition } from '../cause.ts';

/** A rule of the packet filter, or the policy of a chain, that belongs to no policy of the cluster. */
export const filterRule: CauseDefinition = {
  id: 'filter-rule',
  title: 'a rule of the packet filter',
  find(leg) {
    const loss = ruleLoss(leg);
    if (loss === undefined) return [];
    const { namespace, step, place, stored, packet, isInTunnel, isDiscovery } = loss;
    const owner = ownerOf(stored);
    const command = commandAgainst(stored, packet);
    const chain = `chain ${stored.chain.name} of table ${step.table ?? ''} (${tool(stored)})`;
    const what =
      stored.rule === undefined
        ? `The policy of ${chain} on ${placeName(namespace)} drops ${describePacket(packet)}, which no rule accepts`
        : `On ${placeName(namespace)} a rule in ${chain} ${step.action === 'drop' ? 'drops' : 'rejects'} ${describePacket(packet)}: ${ruleText(stored)}`;
    const role = isInTunnel
      ? ', the packet of the tunnel'
      : isDiscovery
        ? ', without which the hardware address of the next hop is not known'
        : '';
    const againstRule: CauseRemedy = {
      kind: 'node-command',
      text:
        stored.rule === undefined
          ? 'Accept the packet at the end of the chain.'
          : 'Delete the rule, if nobody needs it.',
      ...(command === undefined ? {} : { command }),
      where: runsIn(namespace),
    };
    return [
      {
        cause: 'filter-rule',
        effect: 'blocks',
        direction: leg.direction,
        subject: { kind: 'node', name: namespace.node },
        text: `${what}${role}. Owner: ${owner.name}.`,
        evidence: [place],
        remedies: [
          // Without such a rule the network would pass more than it should, and its owner writes it anew.
          ...(owner.isNetwork === true && stored.rule !== undefined ? [] : [againstRule]),
          { kind: 'manual', text: owner.lasting },
        ],
      },
    ];
  },
};

function tool(stored: NonNullable<ReturnType<typeof ruleLoss>>['stored']): string {
  return stored.kind === 'iptables' ? stored.dump.command : 'nftables';
}
