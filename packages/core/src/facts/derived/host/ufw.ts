import { type FactDefinition, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';
import { iptablesDumps } from '../iptables-dumps/index.ts';

/** Whether ufw drops what no other rule forwards: its chains are there, and FORWARD drops by policy (IPv4). */
export const ufwDropsForwarded: FactDefinition<boolean> = {
  id: 'host.ufw-drops-forwarded',
  title: 'ufw drops forwarded packets',
  level: 'node',
  compute(read) {
    const fact = read.fact(iptablesDumps);
    const dumps = fact.state === 'known' ? fact.value.filter(({ family }) => family === 4) : [];
    const places: Origin[] = [];
    for (const { save, file } of dumps) {
      const chains = save.tables.get('filter')?.chains;
      const forward = chains?.get('FORWARD');
      const own = chains?.get('ufw-before-forward');
      if (forward?.policy === 'DROP' && own !== undefined) {
        const doubt = 'the network plugin may accept its packets ahead of ufw';
        return knownUncertain(true, doubt, at(file, forward), at(file, own));
      }
      places.push(at(file, forward ?? {}));
    }
    const whole = new Set(dumps.filter(({ complete }) => complete).map(({ backend }) => backend));
    if (whole.has('legacy') && whole.has('nft')) return known(false, ...places);
    return unknown({ fact: 'rules of ufw', command: 'ufw status verbose', where: 'node' });
  },
};
