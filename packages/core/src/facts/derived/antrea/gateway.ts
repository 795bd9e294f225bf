import type { Link } from '../../../parsers/ip-link/index.ts';
import { ipAddrProbe, ipLinkProbe } from '../../../probes/network.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { agentSetting } from './setting.ts';

/** Since 0.8.0; before, it was `gw0`. */
const DEFAULT_GATEWAY = 'antrea-gw0';

/** Name of the interface by which a node reaches its pods: as configured, else the usual one if the node has it. */
export const gateway: FactDefinition<string> = {
  id: 'antrea.gateway',
  title: 'gateway interface of Antrea',
  level: 'node',
  fromText: (text) => text,
  compute(read) {
    const configured = read.fact(agentSetting, 'hostGateway');
    if (configured.state === 'known') return known(configured.value, from(agentSetting, 'hostGateway'));
    const usual = linkNamed(read, DEFAULT_GATEWAY);
    if (usual !== undefined) return known(DEFAULT_GATEWAY, usual.origin);
    return unknown({
      fact: 'name of the gateway interface of Antrea',
      command: 'kubectl -n kube-system get configmaps -o json (key antrea-agent.conf, setting hostGateway)',
    });
  },
};

/** An interface of the node, from `ip link` or `ip addr`. */
export function linkNamed(
  read: Reader,
  name: string,
): { readonly link: Link; readonly origin: Origin } | undefined {
  for (const probe of [read.probe(ipLinkProbe), read.probe(ipAddrProbe)]) {
    if (probe.state === 'missing') continue;
    const link = probe.value.find((one) => one.name === name);
    if (link !== undefined) return { link, origin: at(probe.file, link) };
  }
  return undefined;
}
