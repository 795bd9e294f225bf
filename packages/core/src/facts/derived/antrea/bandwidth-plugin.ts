import type { CniConf } from '../../../parsers/cni-conf/index.ts';
import { cniConfProbe } from '../../../probes/configuration.ts';
import { type FactDefinition, known, knownUncertain } from '../../fact.ts';
import { at } from '../../reader.ts';
import { agentDocument } from './agent-config.ts';

/**
 * Whether Antrea's CNI configuration calls the bandwidth plugin, as it does unless somebody took it out: the file of the
 * node, else the one in the ConfigMap that the agent installs.
 */
export const bandwidthPlugin: FactDefinition<boolean> = {
  id: 'antrea.bandwidth-plugin',
  title: 'CNI bandwidth plugin is used',
  level: 'node',
  compute(read) {
    for (const member of read.members(cniConfProbe)) {
      const conf = read.probe(cniConfProbe, member);
      if (conf.state === 'read' && conf.value !== undefined && conf.complete && isAntrea(conf.value)) {
        const used = conf.value.plugins.some(({ type }) => type === 'bandwidth');
        return known(used, at(conf.file, {}));
      }
    }
    const shipped = agentDocument(read, 'antrea-cni.conflist');
    const plugins = (shipped?.value as { plugins?: unknown } | null | undefined)?.plugins;
    if (shipped !== undefined && Array.isArray(plugins)) {
      const used = plugins.some((one: { type?: unknown } | null) => one?.type === 'bandwidth');
      return known(used, shipped.origin);
    }
    return knownUncertain(true, 'it is in the CNI configuration that Antrea ships, which was not collected');
  },
};

function isAntrea({ plugins }: CniConf): boolean {
  return plugins.some(({ type }) => type === 'antrea');
}
