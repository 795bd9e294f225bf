import { placeIn } from '../../../datapath/convert/namespace-evidence.ts';
import { formatAddress, parseAddress } from '../../../net/address.ts';
import type { ConntrackEntry } from '../../../parsers/conntrack/index.ts';
import { conntrackListProbe } from '../../../probes/firewall.ts';
import type { Cause } from '../../model/diagnosis.ts';
import { runsIn } from '../../rules/place-name.ts';
import { socket } from '../../services/endpoints.ts';
import type { ServiceCall } from '../../services/service-call.ts';
import type { Leg } from '../cause.ts';

/**
 * Tracked connections of the sender that still lead to an address that is gone. New packets of such a connection never see a
 * rule, so UDP clients that keep their port are lost until the entry ends.
 */
export function staleConnections(leg: Leg, call: ServiceCall): readonly Cause[] {
  const { service, namespace } = call;
  const read = namespace.evidence.read(conntrackListProbe);
  if (read === undefined) return [];
  const source = formatAddress(leg.trail.sent.source);
  const stale = read.value.find((entry) => isOf(entry, call, source) && !isEndpoint(entry, call));
  if (stale === undefined) return [];
  const target = socket({ address: stale.reply.source, port: stale.reply.sourcePort ?? 0 });
  const port = stale.original.sourcePort;
  return [
    {
      cause: 'stale-dnat-target',
      effect: 'hazard',
      direction: leg.direction,
      subject: { kind: 'node', name: namespace.node },
      text: `${namespace.node} tracks a connection of ${source}${port === undefined ? '' : ` port ${port}`} to Service ${service.name} that leads to ${target}, which is no endpoint of it any more. Packets from that port follow it, whatever the rules say.`,
      evidence: [placeIn(read.file, stale)],
      remedies: [
        {
          kind: 'node-command',
          text: 'Forget the connections to that address.',
          command: `conntrack -D -p ${service.protocol} --orig-src ${source} --orig-dst ${service.address} --orig-port-dst ${service.portNumber} --reply-src ${stale.reply.source}`,
          where: runsIn(namespace),
        },
        {
          kind: 'manual',
          text: 'Find out why kube-proxy did not clear the entry: its log says when clearing stale entries fails.',
        },
      ],
    },
  ];
}

function isOf(
  { protocol, original, reply }: ConntrackEntry,
  { service }: ServiceCall,
  source: string,
): boolean {
  return (
    protocol === service.protocol &&
    original.destinationPort === service.portNumber &&
    normal(original.destination) === service.address &&
    normal(original.source) === source &&
    normal(reply.source) !== service.address
  );
}

/** Connections may outlive the readiness of their endpoint, so all that are listed count. */
function isEndpoint({ reply }: ConntrackEntry, { service }: ServiceCall): boolean {
  const address = normal(reply.source);
  return (service.endpoints ?? []).some((one) => one.address === address && one.port === reply.sourcePort);
}

function normal(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}
