import { iptablesPathProbe, iptablesVersionProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/** Whether the host has an iptables command; `false` only where somebody looked for it and it was not there. */
export const iptablesInstalled: FactDefinition<boolean> = {
  id: 'host.iptables-installed',
  title: 'the host has an iptables command',
  level: 'node',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  compute(read) {
    const version = read.probe(iptablesVersionProbe);
    if (version.state === 'read' && version.value !== undefined)
      return known(true, at(version.file, version.value));
    const path = read.probe(iptablesPathProbe);
    const [link] = path.state === 'read' ? path.value : [];
    if (path.state === 'read' && link !== undefined) return known(true, at(path.file, link));
    if (version.state === 'missing' && version.status === 'not-found')
      return known(false, { file: 'manifest.json' });
    return unknown({ fact: 'iptables command of the host', command: 'command -v iptables', where: 'node' });
  },
};
