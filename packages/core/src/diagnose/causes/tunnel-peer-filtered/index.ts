import { placeIn } from '../../../datapath/convert/namespace-evidence.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import { ipsetSaveProbe } from '../../../probes/firewall.ts';
import { nodeWith } from '../../objects/node-addresses.ts';
import { describePacket } from '../../rules/describe-packet.ts';
import { runsIn } from '../../rules/place-name.ts';
import { type RuleLoss, ruleLoss } from '../../rules/rule-loss.ts';
import type { CauseDefinition } from '../cause.ts';

/** Calico lets only nodes that it knows send it packets of a tunnel, and the sender is not among them. */
export const tunnelPeerFiltered: CauseDefinition = {
  id: 'tunnel-peer-filtered',
  title: 'Calico does not know the sender of the tunnel',
  find(leg, { network }) {
    const loss = ruleLoss(leg);
    if (loss?.isInTunnel !== true || !/^(?:filter-)?cali-INPUT$/.test(loss.stored.chain.name)) return [];
    const { namespace, packet, place } = loss;
    const allowed = allowedPeers(loss);
    const peer = nodeWith(network, packet.source);
    if (allowed === undefined || peer === undefined) return [];
    const source = formatAddress(packet.source);
    return [
      {
        cause: 'tunnel-peer-filtered',
        effect: 'blocks',
        direction: leg.direction,
        subject: { kind: 'node', name: namespace.node },
        text: `Calico on ${namespace.node} drops packets of the tunnel from ${source}, although that is node ${peer}: the address is not in the set ${allowed.name} of nodes that may send them (${describePacket(packet)}).`,
        evidence: [place, ...allowed.places],
        remedies: [
          {
            kind: 'node-command',
            text: `Put ${source} into the set.`,
            command: allowed.add(packet.source),
            where: runsIn(namespace),
          },
          {
            kind: 'restart',
            component: 'calico',
            text: `Restart calico-node on ${namespace.node}, which fills the set from the Node objects; when the address is missing again, look at the address annotations of node ${peer}.`,
          },
        ],
      },
    ];
  },
};

interface AllowedPeers {
  readonly name: string;
  readonly places: readonly Evidence[];
  readonly add: (peer: IpAddress) => string;
}

/** The set that the rule before the drop asks for. */
function allowedPeers({ namespace, stored, place }: RuleLoss): AllowedPeers | undefined {
  if (stored.kind === 'iptables') {
    const before = stored.chain.rules.filter(({ line }) => line < (stored.rule?.line ?? 0));
    const name = lastName(before, /--match-set (\S*all-(?:vxlan|hosts)-net) src/);
    const sets = namespace.evidence.read(ipsetSaveProbe);
    const set = name === undefined ? undefined : sets?.value.get(name);
    if (name === undefined || sets === undefined || set === undefined) return undefined;
    return {
      name,
      places: [placeIn(sets.file, set)],
      add: (peer) => `ipset add ${name} ${formatAddress(peer)}`,
    };
  }
  const at = stored.chain.rules.findIndex((rule) => Object.is(rule, stored.rule));
  const name = lastName(stored.chain.rules.slice(0, at), /saddr @(\S*all-(?:vxlan|hosts)-net)/);
  const set = name === undefined ? undefined : stored.table.sets.get(name);
  if (name === undefined || set === undefined) return undefined;
  const { family, name: table } = stored.table;
  return {
    name,
    places: [placeIn(place.file, set)],
    add: (peer) => `nft add element ${family} ${table} ${name} { ${formatAddress(peer)} }`,
  };
}

function lastName(rules: readonly { readonly text: string }[], pattern: RegExp): string | undefined {
  return rules.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []).at(-1);
}
