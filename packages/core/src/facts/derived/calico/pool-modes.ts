import { type FactDefinition, from, known } from '../../fact.ts';
import { ipPools } from './ip-pools.ts';

/** Modes of the pools in use, for example `vxlan-cross-subnet`; `none` for a pool without encapsulation. */
export const poolModes: FactDefinition<readonly string[]> = {
  id: 'calico.pool-modes',
  title: 'encapsulation modes of the IP pools',
  level: 'cluster',
  format: (modes) => modes.join(', ') || 'no pools',
  compute(read) {
    const pools = read.fact(ipPools);
    if (pools.state === 'unknown') return pools;
    const modes = pools.value.map(({ vxlan, ipip }) => {
      if (vxlan !== 'never') return `vxlan-${vxlan}`;
      return ipip === 'never' ? 'none' : `ipip-${ipip}`;
    });
    return known([...new Set(modes)].sort(), from(ipPools));
  },
};
