import { nftRulesetProbe } from '../../../probes/firewall.ts';
import { unitsProbe } from '../../../probes/system.ts';
import { type Fact, type FactDefinition, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/** Whether firewalld runs on the node: its unit, else its nftables table. What its zones let through is not known. */
export const firewalldActive: FactDefinition<boolean> = {
  id: 'host.firewalld-active',
  title: 'firewalld is running',
  level: 'node',
  compute(read) {
    const units = read.probe(unitsProbe);
    const unit = units.state === 'read' ? units.value.get('firewalld.service') : undefined;
    if (units.state === 'read' && unit !== undefined)
      return answer(unit.active === 'active', at(units.file, unit));
    const ruleset = read.probe(nftRulesetProbe);
    const table =
      ruleset.state === 'read'
        ? [...ruleset.value.tables.values()].find(({ name }) => name === 'firewalld')
        : undefined;
    if (ruleset.state === 'read' && table !== undefined) return answer(true, at(ruleset.file, {}));
    const isList =
      units.state === 'read' && [...units.value.keys()].some((name) => name.endsWith('.service'));
    if (units.state === 'read' && isList && units.complete) return known(false, at(units.file, {}));
    return unknown({ fact: 'firewalld is running', command: 'firewall-cmd --state', where: 'node' });
  },
};

function answer(runs: boolean, origin: Origin): Fact<boolean> {
  return runs
    ? knownUncertain(true, 'its zones, which may accept the pod network, were not read', origin)
    : known(false, origin);
}
