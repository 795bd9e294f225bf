import type { CniConf } from '../../../parsers/cni-conf/index.ts';
import { cniConfProbe } from '../../../probes/configuration.ts';
import { type FactDefinition, known, knownUncertain } from '../../fact.ts';
import { at } from '../../reader.ts';

/** Whether Antrea's CNI configuration of the node calls the bandwidth plugin, as it does unless somebody took it out. */
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
    return knownUncertain(true, 'it is in the CNI configuration that Antrea ships, which was not collected');
  },
};

function isAntrea({ plugins }: CniConf): boolean {
  return plugins.some(({ type }) => type === 'antrea');
}
