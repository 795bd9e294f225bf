import type { LabOptions } from './options.ts';

export interface ServicePlan {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort';
  readonly address: string;
  readonly address6: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePortPlan[];
}

export interface ServicePortPlan {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly targetPort: number;
  readonly nodePort?: number;
}

/** Every Service of a lab: one to serve, one of type NodePort, DNS, and one that no pod stands behind. */
export function planServices({ proxy }: LabOptions): readonly ServicePlan[] {
  if (proxy === 'none') return [];
  const web = { app: 'web' };
  return [
    service('default', 'web', 80, web, [port('http', 'TCP', 80, 8080), port('echo', 'UDP', 80, 8080)]),
    service('default', 'web-node-port', 81, web, [port('http', 'TCP', 80, 8080, 30080)]),
    service('default', 'empty', 99, { app: 'nobody' }, [port('http', 'TCP', 80, 8080)]),
    service('kube-system', 'kube-dns', 10, { 'k8s-app': 'kube-dns' }, [
      port('dns', 'UDP', 53, 53),
      port('dns-tcp', 'TCP', 53, 53),
    ]),
  ];
}

function service(
  namespace: string,
  name: string,
  host: number,
  selector: ServicePlan['selector'],
  ports: readonly ServicePortPlan[],
): ServicePlan {
  const type = ports.some(({ nodePort }) => nodePort !== undefined) ? 'NodePort' : 'ClusterIP';
  const address6 = `fd00:10:96::${host.toString(16)}`;
  return { namespace, name, type, address: `10.96.0.${host}`, address6, selector, ports };
}

function port(
  name: string,
  protocol: ServicePortPlan['protocol'],
  number: number,
  targetPort: number,
  nodePort?: number,
): ServicePortPlan {
  return { name, protocol, port: number, targetPort, ...(nodePort === undefined ? {} : { nodePort }) };
}
