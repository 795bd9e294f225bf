import fc from 'fast-check';
import type { EndpointSpec, LocalDetector, ProxyOptions, ServiceSpec } from '../../src/kube-proxy/index.ts';
import { PLACES, podAddress, serviceAddress } from './node-files.ts';

const policy = fc.constantFrom('Cluster', 'Local');

/** What of an endpoint is left to chance. */
const endpoint = fc.record({
  node: fc.constantFrom(1, 2),
  state: fc.constantFrom('ready', 'ready', 'ready', 'unready', 'terminating'),
});

const shape = fc.record({
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
  isNamed: fc.boolean(),
  protocol: fc.constantFrom('TCP', 'UDP'),
  hasExternalIP: fc.boolean(),
  hasAffinity: fc.boolean(),
  ranges: fc.constantFrom('none', 'none', 'client', 'both'),
  internal: policy,
  external: policy,
  endpoints: fc.array(endpoint, { maxLength: 4 }),
});

type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

/** Sets of Services of one family, whose addresses, ports and endpoints all differ. */
export function randomServices(family: 4 | 6): fc.Arbitrary<readonly ServiceSpec[]> {
  return fc
    .array(shape, { minLength: 1, maxLength: 4 })
    .map((shapes) => shapes.map((one, index) => serviceOf(one, family, index + 1)));
}

/** Ways to set kube-proxy up that fit the node. */
export function randomOptions(family: 4 | 6): fc.Arbitrary<ProxyOptions> {
  const { node, pods } = PLACES[family];
  const detectLocal = fc.option(
    fc.constantFrom<LocalDetector>({ clusterCIDR: pods }, { bridge: 'cni0' }, { interfacePrefix: 'cni' }),
    { nil: undefined },
  );
  return fc
    .record({ detectLocal, masqueradeAll: fc.boolean(), isLimited: fc.boolean() })
    .map(({ detectLocal: detector, masqueradeAll, isLimited }) => ({
      family,
      nodeName: 'n1',
      nodeAddresses: [node],
      masqueradeAll,
      ...(detector === undefined ? {} : { detectLocal: detector }),
      ...(isLimited ? { nodePortAddresses: [node] } : {}),
    }));
}

function serviceOf(one: Shape, family: 4 | 6, index: number): ServiceSpec {
  const { ranges } = PLACES[family];
  return {
    namespace: `ns${index}`,
    name: `svc${index}`,
    type: one.type,
    clusterIPs: [serviceAddress(family, 'cluster', index)],
    externalIPs: one.hasExternalIP ? [serviceAddress(family, 'external', index)] : [],
    loadBalancerIPs: one.type === 'LoadBalancer' ? [serviceAddress(family, 'loadBalancer', index)] : [],
    loadBalancerSourceRanges: one.ranges === 'none' ? [] : ranges.slice(0, one.ranges === 'client' ? 1 : 2),
    ...(one.hasAffinity ? { sessionAffinitySeconds: 10800 } : {}),
    internalTrafficPolicy: one.internal,
    externalTrafficPolicy: one.external,
    ports: [
      {
        ...(one.isNamed ? { name: 'web' } : {}),
        protocol: one.protocol,
        port: 80,
        targetPort: 8080,
        ...(one.type === 'ClusterIP' ? {} : { nodePort: 30000 + index }),
      },
    ],
    // The first endpoint of all has the address that pods ask from, so that one may get to itself.
    endpoints: one.endpoints.map(
      ({ node, state }, at): EndpointSpec => ({
        address: podAddress(family, node, index * 10 + at - 3),
        nodeName: `n${node}`,
        ready: state === 'ready',
        serving: state !== 'unready',
        terminating: state === 'terminating',
      }),
    ),
  };
}
