import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { workloadEnvironment } from './container-environment.ts';
import { isInNetwork, networkOf } from './ipv4.ts';

/** How traffic to the addresses of a pool travels between nodes. */
export type PoolMode = 'always' | 'cross-subnet' | 'never';

/** An IPv4 pool that pods get addresses from. */
export interface IpPool {
  readonly name: string;
  readonly cidr: string;
  readonly vxlan: PoolMode;
  readonly ipip: PoolMode;
  /** False where BGP does not tell other nodes about the blocks of the pool. */
  readonly isExported: boolean;
  readonly origin: Origin;
}

/** Names under which the API server, or Calico's own, lists them. */
const RESOURCES = ['ippools.crd.projectcalico.org', 'ippools.projectcalico.org'];

interface PoolSpec {
  readonly cidr?: unknown;
  readonly vxlanMode?: unknown;
  readonly ipipMode?: unknown;
  readonly disabled?: unknown;
  readonly allowedUses?: unknown;
  readonly disableBGPExport?: unknown;
  /** Calico before 3.0 kept the mode here. */
  readonly ipip?: { readonly enabled?: unknown; readonly mode?: unknown };
}

/**
 * IPv4 pools in use by pods: the IPPool objects; before they were collected, what the operator's Installation or the
 * variables of calico-node ask for at the first start. A disabled pool only counts while blocks of it still exist.
 */
export const ipPools: FactDefinition<readonly IpPool[]> = {
  id: 'calico.pools',
  title: 'IP pools of pods',
  level: 'cluster',
  format: (pools) =>
    pools.map(({ cidr, vxlan, ipip }) => `${cidr} (vxlan ${vxlan}, ipip ${ipip})`).join(', ') || 'none',
  compute(read) {
    const lists = RESOURCES.map((resource) => read.objects(resource)).filter((list) => list !== undefined);
    if (lists.length === 0) return installed(read);
    if (!lists.some(({ complete }) => complete)) return unknown(missingObjects(RESOURCES[0] ?? ''));
    const pools: IpPool[] = [];
    for (const stored of lists.flatMap((list) => list.items)) {
      const spec = (stored.object.spec ?? {}) as PoolSpec;
      const pool = poolOf(stored, spec);
      if (pool === undefined) continue;
      const used = spec.disabled === true ? hasBlocks(read, pool.cidr) : true;
      if (used === undefined) {
        return unknown({
          fact: `blocks of the disabled pool ${pool.name}`,
          command: 'kubectl get ipamblocks.crd.projectcalico.org -o json',
        });
      }
      if (used) pools.push(pool);
    }
    const files = lists.flatMap((list) => list.files.map((file) => ({ file })));
    const origins = pools.length > 0 ? pools.map(({ origin }) => origin) : files;
    return known(pools, ...origins);
  },
};

function poolOf(stored: StoredObject, spec: PoolSpec): IpPool | undefined {
  if (typeof spec.cidr !== 'string' || networkOf(spec.cidr) === undefined) return undefined;
  const uses = Array.isArray(spec.allowedUses) ? spec.allowedUses : [];
  if (uses.length > 0 && !uses.includes('Workload')) return undefined;
  const old = spec.ipip?.enabled === true ? (spec.ipip.mode ?? 'Always') : undefined;
  return {
    name: stored.object.metadata.name,
    cidr: spec.cidr,
    vxlan: modeOf(spec.vxlanMode),
    ipip: modeOf(spec.ipipMode ?? old),
    isExported: spec.disableBGPExport !== true,
    origin: inObject(stored, '/spec'),
  };
}

function modeOf(value: unknown): PoolMode {
  const text = typeof value === 'string' ? value.toLowerCase().replaceAll('-', '') : '';
  if (text === 'always') return 'always';
  return text === 'crosssubnet' ? 'cross-subnet' : 'never';
}

/** Whether any block of addresses lies in a pool; undefined where blocks were not collected. */
function hasBlocks(read: Reader, cidr: string): boolean | undefined {
  const network = networkOf(cidr);
  const list =
    read.objects('ipamblocks.crd.projectcalico.org') ?? read.objects('ipamblocks.projectcalico.org');
  const found = list?.items.some(({ object }) => {
    const block = (object.spec as { cidr?: unknown } | undefined)?.cidr;
    return (
      typeof block === 'string' && network !== undefined && isInNetwork(block.split('/')[0] ?? '', network)
    );
  });
  return found === true ? true : list?.complete === true ? false : undefined;
}

const INSTALLATION_MODES: Readonly<Record<string, Pick<IpPool, 'vxlan' | 'ipip'>>> = {
  VXLAN: { vxlan: 'always', ipip: 'never' },
  VXLANCrossSubnet: { vxlan: 'cross-subnet', ipip: 'never' },
  IPIP: { vxlan: 'never', ipip: 'always' },
  IPIPCrossSubnet: { vxlan: 'never', ipip: 'cross-subnet' },
  None: { vxlan: 'never', ipip: 'never' },
};

function installed(read: Reader) {
  const pools = installationPools(read) ?? manifestPools(read);
  if (pools === undefined) return unknown(missingObjects(RESOURCES[0] ?? ''));
  return known(pools, ...pools.map(({ origin }) => origin));
}

function installationPools(read: Reader): readonly IpPool[] | undefined {
  for (const stored of read.objects('installations.operator.tigera.io')?.items ?? []) {
    const network = (stored.object.spec as { calicoNetwork?: { ipPools?: unknown } } | undefined)
      ?.calicoNetwork;
    if (!Array.isArray(network?.ipPools)) continue;
    const pools = network.ipPools.flatMap((one: unknown, index): IpPool[] => {
      const { cidr, encapsulation, name, disableBGPExport } = (one ?? {}) as Readonly<
        Record<string, unknown>
      >;
      const modes = INSTALLATION_MODES[typeof encapsulation === 'string' ? encapsulation : ''];
      if (typeof cidr !== 'string' || networkOf(cidr) === undefined || modes === undefined) return [];
      const origin = inObject(stored, `/spec/calicoNetwork/ipPools/${index}`);
      const isExported = disableBGPExport !== true;
      return [
        { name: typeof name === 'string' ? name : `pool ${index + 1}`, cidr, ...modes, isExported, origin },
      ];
    });
    if (pools.length > 0) return pools;
  }
  return undefined;
}

/** The pool that calico-node makes at its first start, while nobody changed it. */
function manifestPools(read: Reader): readonly IpPool[] | undefined {
  const environment = workloadEnvironment(read, 'calico-node', 'daemonsets.apps');
  const vxlan = environment?.variables.get('CALICO_IPV4POOL_VXLAN');
  const ipip = environment?.variables.get('CALICO_IPV4POOL_IPIP');
  const origin = vxlan?.origin ?? ipip?.origin;
  if (origin === undefined) return undefined;
  const cidr = environment?.variables.get('CALICO_IPV4POOL_CIDR')?.value ?? '192.168.0.0/16';
  return [
    {
      name: 'default-ipv4-ippool',
      cidr,
      vxlan: modeOf(vxlan?.value),
      ipip: modeOf(ipip?.value),
      isExported: true,
      origin,
    },
  ];
}
