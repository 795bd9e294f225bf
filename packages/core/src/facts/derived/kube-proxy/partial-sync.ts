import { type Fact, type FactDefinition, from, known, knownUncertain } from '../../fact.ts';
import { proxyFeatureGate } from './feature-gate.ts';
import { isIn, kubeProxyRelease, kubeProxyReleaseFact } from './release.ts';

/** Whether kube-proxy only writes rules that changed; `turned-off` where somebody set the gate against the default. */
export type PartialSync = 'on' | 'off' | 'turned-off';

const GATE = 'MinimizeIPTablesRestore';

/** Partial syncs: off unless asked for in 1.26, on unless turned off in 1.27, always on from 1.28 on (KEP-3453). */
export const partialSync: FactDefinition<PartialSync> = {
  id: 'kube-proxy.partial-sync',
  title: 'partial syncs of iptables rules',
  level: 'node',
  compute(read): Fact<PartialSync> {
    const release = kubeProxyRelease(read);
    if (release.state === 'unknown') return release;
    const origin = from(kubeProxyReleaseFact());
    const { version } = release.value;
    if (isIn(version, '>=1.28.0') === 'in') return known('on', origin);
    if (isIn(version, '<1.26.0') === 'in') return known('off', origin);
    const isDefault = isIn(version, '>=1.27.0') === 'in';
    const gate = read.fact(proxyFeatureGate, GATE);
    if (gate.state === 'unknown') {
      // The gate was hardly ever turned off, so a configuration nobody read only takes the certainty away.
      const doubt = `partial syncs are on by default in 1.27; whether ${GATE} was turned off is not known`;
      if (!isDefault) return gate;
      return read.hypothetical ? known('on', origin) : knownUncertain('on', doubt, origin);
    }
    const origins = [origin, from(proxyFeatureGate, GATE)];
    if (gate.value === false) return known(isDefault ? 'turned-off' : 'off', ...origins);
    return known(gate.value === true || isDefault ? 'on' : 'off', ...origins);
  },
};
