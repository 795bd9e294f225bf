import { placeIn } from '../../../datapath/convert/namespace-evidence.ts';
import { parseAddress } from '../../../net/address.ts';
import { runsIn } from '../../rules/place-name.ts';
import { socket } from '../../services/endpoints.ts';
import { addServers, missingServers, virtualOption, virtualServer } from '../../services/ipvs-servers.ts';
import { restartKubeProxy } from '../../services/restart-kube-proxy.ts';
import { isUntranslated, type ServiceCall, serviceCall } from '../../services/service-call.ts';
import type { CauseDefinition } from '../cause.ts';

/** IPVS on a node that does not balance a service, although the service has endpoints. */
export const ipvsServerMissing: CauseDefinition = {
  id: 'ipvs-server-missing',
  title: 'IPVS does not know the service',
  find(leg, context) {
    const call = serviceCall(leg, context);
    const usable = call?.usable ?? [];
    if (call === undefined || usable.length === 0 || !isUntranslated(call, leg)) return [];
    const { service, namespace } = call;
    const { ipvs } = namespace;
    const device = namespace.interface('kube-ipvs0');
    if (ipvs?.complete !== true || (device === undefined && ipvs.value.length === 0)) return [];
    const repair = repairOf(call);
    if (repair.commands.length === 0) return [];
    const last = leg.trail.steps.at(-1);
    const virtual = virtualServer(namespace, service);
    return [
      {
        cause: 'ipvs-server-missing',
        effect: 'blocks',
        direction: leg.direction,
        subject: { kind: 'node', name: namespace.node },
        text: `On ${namespace.node} ${repair.faults.join(' and ')}, although ${usable.map(socket).join(' and ')} could answer for Service ${service.name}.`,
        evidence: [
          virtual === undefined ? { file: ipvs.file } : placeIn(ipvs.file, virtual),
          ...(device === undefined ? [] : [device.place]),
          ...usable.map(({ place }) => place),
          ...(last?.evidence ?? []),
        ],
        remedies: [
          {
            kind: 'node-command',
            text: 'Give IPVS what it lacks of the service.',
            command: repair.commands.join('\n'),
            where: runsIn(namespace),
          },
          restartKubeProxy(namespace.node),
        ],
      },
    ];
  },
};

interface Repair {
  readonly faults: readonly string[];
  readonly commands: readonly string[];
}

function repairOf({ service, namespace, usable = [] }: ServiceCall): Repair {
  const faults: string[] = [];
  const commands: string[] = [];
  const { address } = service;
  const wanted = parseAddress(address);
  if (!service.isNodePort && wanted !== undefined && namespace.hasAddress(wanted) === false) {
    faults.push(`the interface kube-ipvs0 lacks ${address}, so packets for it never get to IPVS`);
    if (namespace.interface('kube-ipvs0') === undefined) commands.push('ip link add kube-ipvs0 type dummy');
    commands.push(`ip address add ${address}/${wanted.family === 4 ? 32 : 128} dev kube-ipvs0`);
  }
  const virtual = virtualServer(namespace, service);
  const name = virtualOption(service);
  if (virtual === undefined) {
    const scheduler = namespace.ipvs?.value.find((one) => one.scheduler !== undefined)?.scheduler ?? 'rr';
    faults.push(`IPVS has no virtual server ${name.replace(/^\S+ /, '')} (${service.protocol})`);
    commands.push(`ipvsadm -A ${name} -s ${scheduler}`);
  } else if (missingServers(virtual, usable).length === usable.length) {
    faults.push(`the virtual server ${name.replace(/^\S+ /, '')} of IPVS has none of the endpoints`);
  }
  if (virtual === undefined || faults.length > 0)
    commands.push(...addServers(service, virtual, missingServers(virtual, usable)));
  return { faults, commands };
}
