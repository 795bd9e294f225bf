import { proxyModeProbe } from '../../../probes/configuration.ts';
import { type Fact, type FactDefinition, known, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import { at, inObject, type Reader } from '../../reader.ts';
import { readConfigMap } from '../config-map/index.ts';

/**
 * Effective mode of kube-proxy: what the running kube-proxy answers on `/proxyMode`, else its `--proxy-mode` flag,
 * else `mode` of its configuration. No mode means iptables on Linux.
 */
export const proxyMode: FactDefinition<string> = {
  id: 'kube-proxy.mode',
  title: 'kube-proxy mode',
  level: 'node',
  fromText: (text) => (text === '' ? undefined : text),
  compute(read) {
    const probe = read.probe(proxyModeProbe);
    if (probe.state === 'read' && probe.value !== undefined)
      return known(probe.value.mode, at(probe.file, probe.value));
    return flagMode(read) ?? configuredMode(read);
  },
};

function flagMode(read: Reader): Fact<string> | undefined {
  for (const stored of read.objects('daemonsets.apps')?.items ?? []) {
    for (const container of valuesAt(stored.object, 'spec.template.spec.containers[]')) {
      if ((container.value as { name?: unknown }).name !== 'kube-proxy') continue;
      const words = [...valuesAt(container.value, 'command[]'), ...valuesAt(container.value, 'args[]')];
      const flag = words.find(({ value }) => typeof value === 'string' && value.startsWith('--proxy-mode='));
      if (flag !== undefined) {
        return known(
          String(flag.value).slice('--proxy-mode='.length) || 'iptables',
          inObject(stored, `${container.pointer}${flag.pointer}`),
        );
      }
    }
  }
  return undefined;
}

function configuredMode(read: Reader): Fact<string> {
  const config = readConfigMap(read, 'kube-system', 'kube-proxy', 'config.conf');
  if (config.state !== 'read') {
    return unknown({
      fact: 'kube-proxy mode',
      command: 'curl -s http://127.0.0.1:10249/proxyMode',
      where: 'node',
    });
  }
  const mode = (config.document.value as { mode?: unknown } | null)?.mode;
  return known(typeof mode === 'string' && mode !== '' ? mode : 'iptables', config.document.origin);
}
