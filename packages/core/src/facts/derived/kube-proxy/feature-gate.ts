import { type FactDefinition, known, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import type { Reader } from '../../reader.ts';
import { proxyConfiguration } from './configuration.ts';

/** A feature gate of kube-proxy as it was set; null where nobody set it, so that the release's default holds. */
export const proxyFeatureGate: FactDefinition<boolean | null> = {
  id: 'kube-proxy.feature-gate',
  title: 'kube-proxy feature gate',
  parameter: 'name of the gate',
  level: 'node',
  compute(read: Reader, gate) {
    const configuration = read.fact(proxyConfiguration);
    if (configuration.state === 'unknown') return configuration;
    const found = configuration.value;
    if (found.kind === 'file') {
      const { value, origin } = found.document;
      const [hit] = valuesAt(value, `featureGates.${gate}`);
      return known(hit === undefined ? null : toBoolean(hit.value), origin);
    }
    const flag = found.flags.get('feature-gates');
    if (flag === undefined) return known(null, found.origin);
    const values = flag.values.flatMap((text) => text.split(',')).map((text) => text.trim().split('='));
    const last = values.findLast(([name]) => name === gate);
    if (flag.value.includes('$')) {
      return unknown({
        fact: `kube-proxy feature gate ${gate}`,
        command: 'ps -o args= -C kube-proxy',
        where: 'node',
      });
    }
    return known(last === undefined ? null : toBoolean(last[1]), flag.origin);
  },
};

function toBoolean(value: unknown): boolean | null {
  const text = String(value).toLowerCase();
  if (text === 'true' || text === 't' || text === '1') return true;
  return text === 'false' || text === 'f' || text === '0' ? false : null;
}
