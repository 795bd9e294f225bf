import { formatAddress } from '../../../net/address.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';
import type { Labels } from '../../policies/label-selector.ts';
import { type PolicyFlow, type PolicyPod, portName } from '../../policies/policy.ts';
import { runsIn } from '../../rules/place-name.ts';
import type { RuleLoss } from '../../rules/rule-loss.ts';

/** Labels that controllers give to tell pods of one workload from each other. */
const FLEETING =
  /^(?:pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/|batch\.kubernetes\.io\/|controller-uid)/;

/** A NetworkPolicy that lets a flow through; undefined where the pod has no labels to choose it by. */
export function allowingPolicy(flow: PolicyFlow): CauseRemedy | undefined {
  const { direction, pod, other, protocol, port } = flow;
  const labels = lasting(pod.labels);
  if (labels === undefined || !/^(?:tcp|udp|sctp)$/.test(protocol)) return undefined;
  const isIngress = direction === 'ingress';
  const name =
    `allow-${protocol}${port === undefined ? '' : `-${port}`}-${isIngress ? 'to' : 'from'}-${pod.name}`.slice(
      0,
      63,
    );
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: pod.namespace, name },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: [isIngress ? 'Ingress' : 'Egress'],
      [direction]: [
        {
          [isIngress ? 'from' : 'to']: [peerOf(flow)],
          ...(port === undefined ? {} : { ports: [{ protocol: protocol.toUpperCase(), port }] }),
        },
      ],
    },
  };
  const peer =
    other.pod === undefined ? formatAddress(other.address) : `${other.pod.namespace}/${other.pod.name}`;
  return {
    kind: 'set-field',
    text: `If it is meant to work: allow ${portName(flow)} ${isIngress ? 'from' : 'to'} ${peer} by a policy.`,
    command: `kubectl apply -f - <<'EOF'\n${JSON.stringify(policy)}\nEOF`,
  };
}

function peerOf({ other: { address, pod } }: PolicyFlow): object {
  const labels = pod === undefined ? undefined : lasting(pod.labels);
  if (pod === undefined || labels === undefined)
    return { ipBlock: { cidr: `${formatAddress(address)}/${address.family === 4 ? 32 : 128}` } };
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': pod.namespace } },
    podSelector: { matchLabels: labels },
  };
}

function lasting(labels: PolicyPod['labels']): Labels | undefined {
  const kept = Object.entries(labels).filter(([key]) => !FLEETING.test(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** A rule before the one that drops, which lets just this flow through until a policy does. */
export function passingRule({ namespace, stored, packet }: RuleLoss): CauseRemedy {
  const source = formatAddress(packet.source);
  const destination = formatAddress(packet.destination);
  const { destinationPort: port } = packet;
  const protocol = packet.protocol === 6 ? 'tcp' : packet.protocol === 17 ? 'udp' : undefined;
  const isPort = protocol !== undefined && port !== undefined;
  const family = packet.source.family === 6 ? 'ip6' : 'ip';
  const command =
    stored.kind === 'iptables'
      ? `${stored.dump.command} -t ${stored.table} -I ${stored.chain.name} 1 -s ${source} -d ${destination}${isPort ? ` -p ${protocol} -m ${protocol} --dport ${port}` : ''} -j ACCEPT`
      : `nft insert rule ${stored.table.family} ${stored.table.name} ${stored.chain.name} ${family} saddr ${source} ${family} daddr ${destination}${isPort ? ` ${protocol} dport ${port}` : ''} accept`;
  return {
    kind: 'node-command',
    text: 'To let the flow through until then:',
    command,
    where: runsIn(namespace),
    persistence: 'Until the rules of policies are written anew.',
  };
}
