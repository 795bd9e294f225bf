import { cniConfProbe } from '../../../../probes/configuration.ts';
import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { at } from '../../../reader.ts';

/**
 * Whether the container runtime takes the file of Multus: it loads the first by name that ends in `.conf`, `.conflist` or
 * `.json`.
 */
export const multusIsFirst: FactDefinition<boolean> = {
  id: 'multus.first-cni-file',
  title: 'the first CNI file is that of Multus',
  level: 'node',
  compute(read): Fact<boolean> {
    const names = read.members(cniConfProbe).filter((name) => /\.(conf|conflist|json)$/.test(name));
    const [first] = [...names].sort();
    // A file that is not there may not have been collected; only one that is there proves something.
    if (first === undefined || !/multus/.test(first)) {
      return unknown({ fact: 'files in /etc/cni/net.d', command: 'ls /etc/cni/net.d', where: 'node' });
    }
    return known(true, at(`cni-conf/${first}`, {}));
  },
};
