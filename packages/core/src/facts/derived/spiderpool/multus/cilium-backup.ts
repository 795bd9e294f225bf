import { cniConfProbe } from '../../../../probes/configuration.ts';
import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { at } from '../../../reader.ts';

/** CNI files of Multus that Cilium put aside on the node. */
export const ciliumBackups: FactDefinition<readonly string[]> = {
  id: 'multus.cilium-backups',
  title: 'CNI files of Multus that Cilium renamed',
  level: 'node',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    const members = read.members(cniConfProbe);
    if (members.length === 0) {
      return unknown({ fact: 'files in /etc/cni/net.d', command: 'ls /etc/cni/net.d', where: 'node' });
    }
    const found = members.filter((name) => /multus.*\.cilium_bak$/.test(name));
    return known(found, ...found.map((name) => at(`cni-conf/${name}`, {})));
  },
};
