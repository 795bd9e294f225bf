import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import { PROTOCOL } from '../../../net/protocol.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { CauseDefinition, DiagnosisContext, Leg } from '../cause.ts';
import { rewriteByAgent } from '../shared/agent.ts';
import { lastHop } from '../shared/ends.ts';

/** The outer packet came to its node, and no device there takes it. */
export function findNoDevice(leg: Leg, { network }: DiagnosisContext): ReturnType<CauseDefinition['find']> {
  const host = leg.trail.end.namespace;
  const outer = lastHop(leg)?.packet;
  if (outer === undefined || host.interfaces === undefined) return [];
  const kind = outer.protocol === PROTOCOL.udp ? 'vxlan' : outer.protocol === PROTOCOL.ipip ? 'ipip' : 'gre';
  const sender = leg.trail.hops.findLast(({ kind, inner }) => kind === 'transmit' && inner === undefined);
  const used = sender?.device === undefined ? undefined : sender.namespace.interface(sender.device);
  const own = [...host.interfaces.all.values()].filter(({ link }) => link.kind === kind);
  const [only] = own;
  const isAlone = only !== undefined && own.length === 1;
  const why = isAlone ? describeDifference(only, used, sender?.namespace) : `${host.node} has no such device`;
  const cause: Cause = {
    cause: 'tunnel-endpoint-unknown',
    effect: 'blocks',
    direction: leg.direction,
    subject: { kind: 'node', name: host.node },
    text: `${kind} packets from ${sender?.namespace.node ?? 'the other node'} come to ${host.node}, and no device there takes them: ${why}.`,
    evidence: [
      isAlone ? only.place : { file: host.interfaces.file },
      ...(used === undefined ? [] : [used.place]),
    ],
    remedies: [
      ...(isAlone && !only.isUp ? [bringUp(host, only)] : []),
      rewriteByAgent(network, host.node, 'the tunnel device and its entries'),
    ],
  };
  return [cause];
}

function describeDifference(
  own: Interface,
  used: Interface | undefined,
  sender: Namespace | undefined,
): string {
  if (!own.isUp) return `${own.name} is down`;
  const names = ['id', 'dstport'].filter(
    (name) => used !== undefined && own.link.details[name] !== used.link.details[name],
  );
  const differences = names.map(
    (name) =>
      `${own.name} has ${name} ${String(own.link.details[name])}, and ${used?.name ?? 'the sender'} of ${sender?.node ?? 'the other node'} has ${String(used?.link.details[name])}`,
  );
  return differences.length === 0 ? `${own.name} is for other packets` : differences.join('; ');
}

function bringUp(host: Namespace, { name }: Interface): CauseRemedy {
  return {
    kind: 'node-command',
    text: `Bring ${name} up. Routes by it went when it went down; the agent of the network plugin sets them again.`,
    command: `ip link set ${name} up`,
    where: { node: host.node },
  };
}
