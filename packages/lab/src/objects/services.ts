import { backendsOf, type Cluster } from '../cluster/plan.ts';
import type { ServicePlan } from '../cluster/services.ts';
import { meta } from './meta.ts';

/** The Service objects of a lab. */
export function serviceObjects({ services, options }: Cluster): readonly object[] {
  return services.map((service) => {
    const addresses = options.ipv6 ? [service.address, service.address6] : [service.address];
    return {
      metadata: meta('service', service.namespace, service.name, {
        labels: service.namespace === 'kube-system' ? { 'k8s-app': service.name } : {},
      }),
      spec: {
        type: service.type,
        clusterIP: service.address,
        clusterIPs: addresses,
        ipFamilies: options.ipv6 ? ['IPv4', 'IPv6'] : ['IPv4'],
        ipFamilyPolicy: options.ipv6 ? 'PreferDualStack' : 'SingleStack',
        selector: service.selector,
        ports: service.ports,
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ...(service.type === 'NodePort' ? { externalTrafficPolicy: 'Cluster' } : {}),
      },
      status: { loadBalancer: {} },
    };
  });
}

/** The EndpointSlice objects of a lab: one for each Service and family. */
export function endpointSliceObjects(cluster: Cluster): readonly object[] {
  const families = cluster.options.ipv6 ? (['IPv4', 'IPv6'] as const) : (['IPv4'] as const);
  return cluster.services.flatMap((service) =>
    families.map((family) => sliceObject(cluster, service, family)),
  );
}

function sliceObject(cluster: Cluster, service: ServicePlan, family: 'IPv4' | 'IPv6'): object {
  return {
    metadata: meta('endpointslice', service.namespace, `${service.name}-${family.toLowerCase()}`, {
      labels: { 'kubernetes.io/service-name': service.name },
    }),
    addressType: family,
    ports: service.ports.map(({ name, protocol, targetPort }) => ({ name, protocol, port: targetPort })),
    endpoints: backendsOf(cluster, service).map((pod) => ({
      addresses: [family === 'IPv4' ? pod.address : pod.address6],
      conditions: { ready: pod.isReady, serving: pod.isReady, terminating: false },
      nodeName: pod.node.name,
      targetRef: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
    })),
  };
}
