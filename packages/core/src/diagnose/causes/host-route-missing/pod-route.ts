import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import { formatPrefix, prefixContains, prefixOf } from '../../../net/prefix.ts';
import { ipCommand } from '../shared/expected-route.ts';
import type { Home } from '../shared/home.ts';
import { podLinkOf } from '../shared/pod-link.ts';
import type { WantedRoute } from './index.ts';

/** The route that a node should have to a pod of its own: by the pod's interface, or by the bridge that it hangs on. */
export function podRoute(
  network: Network,
  host: Namespace,
  home: Home,
  address: IpAddress,
): WantedRoute | undefined {
  const link = home.namespace === undefined ? undefined : podLinkOf(network, home.namespace, address);
  if (link?.far === undefined || link.far.namespace !== host) return undefined;
  const ip = ipCommand(address);
  const scope = address.family === 4 ? ' scope link' : '';
  const proof = `the other end of the pod's ${link.device.name} is`;
  if (link.bridge === undefined) {
    const device = link.far.device.name;
    const text = `${formatAddress(address)} dev ${device}`;
    return { text, command: `${ip} route replace ${text}${scope}`, proof: `${proof} ${device}` };
  }
  const { bridge } = link;
  for (const own of bridge.addresses) {
    const prefix = prefixOf(own.address, own.prefixLength);
    if (!prefixContains(prefix, address)) continue;
    const text = `${formatPrefix(prefix)} dev ${bridge.name}`;
    const source = address.family === 4 ? ` src ${formatAddress(own.address)}` : '';
    return {
      text,
      command: `${ip} route replace ${text} proto kernel${scope}${source}`,
      proof: `${proof} a port of ${bridge.name}`,
    };
  }
  return undefined;
}
