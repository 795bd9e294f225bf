import type { Evidence } from '../../model/evidence.ts';
import type { IpAddress } from '../../net/address.ts';
import { isSameAddress } from '../../net/address.ts';
import type { Interface } from '../convert/interfaces.ts';
import { arpRequest } from '../elements/ovs/initial-values.ts';
import { runPipeline } from '../elements/ovs/pipeline.ts';
import { readMac } from '../elements/ovs/value-text.ts';
import { endOf, portNumber, type Switch, type SwitchPort } from './ovs-switch.ts';
import { zonesOf } from './ovs-zones.ts';
import type { Walk } from './walk.ts';

/** Who answers for a next hop behind a bridge. */
export type Resolved =
  | { readonly kind: 'found'; readonly mac: bigint }
  | { readonly kind: 'nobody'; readonly detail: string; readonly place: Evidence }
  | { readonly kind: 'unknown' };

/**
 * Asks for the hardware address of a next hop, as the sender would where it knows none: the request passes the flows, which
 * answer it themselves, drop it, or have the bridge show it to everybody.
 */
export function askForMac(
  walk: Walk,
  found: Switch,
  port: SwitchPort,
  sender: Interface,
  nextHop: IpAddress,
): Resolved {
  const owner = ownerOf(found, nextHop);
  const own = sender.addresses.find(({ address }) => address.family === 4)?.address;
  const inPort = portNumber(found, port);
  const mac = sender.link.mac;
  const { tables, namespace } = found;
  if (
    nextHop.family === 6 ||
    own === undefined ||
    inPort === undefined ||
    mac === undefined ||
    tables === undefined ||
    !found.isComplete
  ) {
    return owner === undefined ? { kind: 'unknown' } : { kind: 'found', mac: owner };
  }
  const request = arpRequest(inPort, { mac: readMac(mac), address: own.bits }, nextHop.bits);
  const zones = zonesOf(walk, namespace);
  const context = { tables, zones, choices: walk.choices, isReply: false, note: () => {} };
  const reached = runPipeline(request, context);
  if (reached.kind === 'lost') {
    return {
      kind: 'nobody',
      detail: `the question who has the next hop is lost: ${reached.detail}`,
      place: reached.place,
    };
  }
  if (reached.kind !== 'out') return { kind: 'unknown' };
  for (const { port: out, values } of reached.outputs) {
    const answer = out === inPort && values.get('arp_op') === 2n ? values.get('arp_sha') : undefined;
    if (answer !== undefined) return { kind: 'found', mac: answer };
  }
  return owner === undefined ? { kind: 'unknown' } : { kind: 'found', mac: owner };
}

/** The hardware address of the interface behind a port that has an address. */
function ownerOf({ ports }: Switch, address: IpAddress): bigint | undefined {
  for (const port of ports) {
    const end = endOf(port);
    const isOwner = end?.addresses.some((own) => isSameAddress(own.address, address)) === true;
    if (isOwner && end.link.mac !== undefined) return readMac(end.link.mac);
  }
  return undefined;
}
