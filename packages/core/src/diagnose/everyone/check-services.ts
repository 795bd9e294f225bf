import { followPacket } from '../../datapath/follow.ts';
import type { Network } from '../../datapath/model/network.ts';
import { understandQuestion } from '../../datapath/question.ts';
import { Interner } from './interner.ts';
import type { Member } from './members.ts';
import { type Outcome, outcomeOf, refused } from './outcome.ts';
import { nodesByServiceRules } from './service-classes.ts';
import type { Tally } from './tally.ts';
import type { Unit } from './units.ts';

interface ServicePort {
  /** `service/default/web:80` */
  readonly to: string;
  readonly protocol: string;
}

/** Walks beyond which the groups of nodes that are left are not asked. */
const WALK_LIMIT = 50_000;

/**
 * Asks for every port of every service once for each group of nodes whose rules for services are alike, from a pod of the group or
 * else from a node. Whether others of the group reach the pods behind the service follows from the pairs of members.
 * Returns how many walks it took.
 */
export function checkServices(network: Network, members: readonly Member[], tally: Tally): number {
  const ports = servicePorts(network);
  const byNode = Map.groupBy(members, ({ node }) => node);
  let walks = 0;
  let id = 0;
  for (const nodes of nodesByServiceRules(network, new Interner(), 4)) {
    const senders = nodes.flatMap((node) => byNode.get(node) ?? []);
    const from = senders.find(({ kind }) => kind === 'pod') ?? senders[0];
    if (from === undefined) continue;
    const fromUnit = loneUnit(id++, from);
    for (const port of ports) {
      if (walks++ > WALK_LIMIT) return walks;
      const to: Member = { ...from, kind: 'service', name: port.to.slice('service/'.length), to: port.to };
      tally.add(fromUnit, loneUnit(id++, to), 1, ask(network, from, to, port));
    }
  }
  return walks;
}

/** A member that nothing is taken over from or to. */
function loneUnit(id: number, member: Member): Unit {
  const { node, port, address } = member;
  return { id, index: id, node, members: [member], role: 0, port, address, holders: [] };
}

function ask(network: Network, from: Member, to: Member, { protocol }: ServicePort): Outcome {
  const question = { from: from.from, to: to.to, protocol };
  const asked = understandQuestion(network, question);
  if ('error' in asked) return refused(from, to, asked, question);
  return outcomeOf(network, from, to, followPacket(network, asked, true), question);
}

interface ServiceFields {
  readonly spec?: {
    readonly clusterIP?: unknown;
    readonly ports?: readonly { readonly port?: unknown; readonly protocol?: unknown }[];
  };
}

/** Ports of services that have an address. */
function servicePorts(network: Network): readonly ServicePort[] {
  return (network.objects('services') ?? []).flatMap(({ object }): readonly ServicePort[] => {
    const { spec } = object as ServiceFields;
    if (typeof spec?.clusterIP !== 'string' || !/[.:]/.test(spec.clusterIP) || !Array.isArray(spec.ports))
      return [];
    const name = `service/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    return spec.ports.flatMap(({ port, protocol = 'TCP' }): readonly ServicePort[] =>
      typeof port === 'number' && typeof protocol === 'string'
        ? [{ to: `${name}:${port}`, protocol: protocol.toLowerCase() }]
        : [],
    );
  });
}
