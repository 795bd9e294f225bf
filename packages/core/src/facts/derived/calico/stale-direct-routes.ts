import type { Route } from '../../../parsers/ip-route/index.ts';
import { ipRouteProbe } from '../../../probes/network.ts';
import { type FactDefinition, from, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';
import { vxlanParent } from './vxlan-parent.ts';

/** A direct route of Felix that points at a device which no longer carries the node's address. */
export interface StaleRoute {
  readonly destination: string;
  readonly gateway: string;
  readonly device: string;
  readonly parent: string;
}

/** Devices that Felix makes itself: its routes through them are not direct ones. */
const OWN_DEVICES = /^(?:vxlan\.calico|vxlan-v6\.calico|tunl0|wireguard\.cali|wg-v6\.cali|cali[0-9a-f]{11})$/;

/**
 * Direct routes to blocks of same-subnet nodes (protocol 80) that do not go through the current parent device.
 * https://github.com/projectcalico/calico/pull/8279
 */
export const staleDirectRoutes: FactDefinition<readonly StaleRoute[]> = {
  id: 'calico.stale-direct-routes',
  title: 'direct routes that stayed on an old device',
  level: 'node',
  format: (routes) =>
    routes
      .slice(0, 5)
      .map(
        ({ destination, gateway, device, parent }) =>
          `${destination} via ${gateway} dev ${device}, not ${parent}`,
      )
      .join('; ') || 'none',
  compute(read) {
    const probe = read.probe(ipRouteProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const direct = probe.value.filter(isDirect);
    if (direct.length === 0) {
      return probe.complete
        ? known([], at(probe.file, {}))
        : unknown({ fact: 'routes', command: 'ip route show table all', where: 'node' });
    }
    const parent = read.fact(vxlanParent);
    if (parent.state === 'unknown') return parent;
    const stale = direct.filter(({ device }) => device !== parent.value);
    if (stale.length === 0 && !probe.complete) {
      return unknown({ fact: 'routes', command: 'ip route show table all', where: 'node' });
    }
    const proof = (stale.length > 0 ? stale : direct).slice(0, 5).map((route) => at(probe.file, route));
    return known(
      stale.map(({ destination, gateway = '', device = '' }) => ({
        destination,
        gateway,
        device,
        parent: parent.value,
      })),
      ...proof,
      from(vxlanParent),
    );
  },
};

function isDirect({ type, family, table, protocol, gateway, device }: Route): boolean {
  return (
    type === 'unicast' &&
    family === 4 &&
    table === 'main' &&
    protocol === '80' &&
    gateway !== undefined &&
    device !== undefined &&
    !OWN_DEVICES.test(device)
  );
}

/** Commands that remove the stale routes, ready to paste. */
export const staleRouteCommands: FactDefinition<string> = {
  id: 'calico.stale-direct-routes-removal',
  title: 'commands that delete the stale routes',
  level: 'node',
  compute(read) {
    const routes = read.fact(staleDirectRoutes);
    if (routes.state === 'unknown') return routes;
    const commands = routes.value.map(
      ({ destination, gateway, device }) =>
        `ip route del ${destination} via ${gateway} dev ${device} proto 80`,
    );
    return known(commands.join('\n'), from(staleDirectRoutes));
  },
};
