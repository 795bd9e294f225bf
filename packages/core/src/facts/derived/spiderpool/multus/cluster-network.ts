import { cniConfProbe } from '../../../../probes/configuration.ts';
import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { at } from '../../../reader.ts';
import { textOf } from '../objects.ts';

/**
 * Default network in the CNI file of Multus on the node: a network attachment, or the path of a CNI file. Empty where
 * the file embeds its delegates.
 */
export const clusterNetwork: FactDefinition<string> = {
  id: 'multus.cluster-network',
  title: 'clusterNetwork of Multus',
  level: 'node',
  fromText: (text) => text,
  compute(read): Fact<string> {
    for (const member of read.members(cniConfProbe)) {
      const conf = read.probe(cniConfProbe, member);
      const plugin =
        conf.state === 'read' ? conf.value?.plugins.find(({ type }) => /^multus/.test(type)) : undefined;
      if (conf.state !== 'read' || plugin === undefined) continue;
      const pointer = `${plugin.pointer}/clusterNetwork`;
      return known(textOf(plugin.config.clusterNetwork) ?? '', at(conf.file, { pointer }));
    }
    return unknown({
      fact: 'CNI file of Multus',
      command: 'cat /etc/cni/net.d/00-multus.conf',
      where: 'node',
    });
  },
};
