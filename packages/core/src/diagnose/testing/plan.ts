/** How a lab cluster carries packets of pods from node to node. */
export type Mode = 'vxlan' | 'cross-subnet' | 'ipip' | 'routed' | 'bridge';

export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  /** Last number of its addresses. */
  readonly host: number;
  /** Its interface on the node. */
  readonly device: string;
}

export interface NodePlan {
  readonly name: string;
  /** Stands in all addresses of the node and its pods. */
  readonly index: number;
  readonly vtepMac: string;
  readonly pods: readonly PodPlan[];
}

/** n1 with clients, n2 with servers. Names of interfaces and VTEP addresses are the ones that Calico would give. */
export const NODES: readonly NodePlan[] = [
  {
    name: 'n1',
    index: 1,
    vtepMac: '66:40:b3:ea:b6:3f',
    pods: [
      { namespace: 'default', name: 'client', host: 10, device: 'calia7a3e029a7b' },
      { namespace: 'default', name: 'client-2', host: 11, device: 'calibe3a7da14d6' },
    ],
  },
  {
    name: 'n2',
    index: 2,
    vtepMac: '66:40:24:34:76:fc',
    pods: [
      { namespace: 'default', name: 'web', host: 10, device: 'cali68caf03a5f4' },
      { namespace: 'default', name: 'web-2', host: 11, device: 'cali9fb0db7f13e' },
      { namespace: 'kube-system', name: 'coredns', host: 53, device: 'cali96971f43451' },
    ],
  },
];

export const nodeAddress = ({ index }: NodePlan): string => `192.0.2.${index}`;
export const podAddress = ({ index }: NodePlan, { host }: PodPlan): string => `10.244.${index}.${host}`;
export const podAddress6 = ({ index }: NodePlan, { host }: PodPlan): string =>
  `fd00:10:244:${index}::${host}`;
/** Address of the tunnel device: the first of the node's block. */
export const tunnelAddress = ({ index }: NodePlan): string => `10.244.${index}.0`;
export const nodeMac = ({ index }: NodePlan): string => `02:00:00:00:00:0${index}`;
export const podMac = ({ index }: NodePlan, { host }: PodPlan): string => `0a:00:00:00:0${index}:${host}`;

/** Lines of a file. */
export const lines = (...all: readonly (string | readonly string[])[]): string =>
  all
    .flat()
    .map((line) => `${line}\n`)
    .join('');
