import { nftRulesetProbe } from '../../../probes/firewall.ts';
import { unitsProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/** Whether firewalld runs on the node: its unit, else its nftables table. */
export const firewalldActive: FactDefinition<boolean> = {
  id: 'host.firewalld-active',
  title: 'firewalld is running',
  level: 'node',
  compute(read) {
    const units = read.probe(unitsProbe);
    const unit = units.state === 'read' ? units.value.get('firewalld.service') : undefined;
    if (units.state === 'read' && unit !== undefined)
      return known(unit.active === 'active', at(units.file, unit));
    const ruleset = read.probe(nftRulesetProbe);
    const table =
      ruleset.state === 'read'
        ? [...ruleset.value.tables.values()].find(({ name }) => name === 'firewalld')
        : undefined;
    if (ruleset.state === 'read' && table !== undefined) return known(true, at(ruleset.file, {}));
    const isList =
      units.state === 'read' && [...units.value.keys()].some((name) => name.endsWith('.service'));
    if (units.state === 'read' && isList && units.complete) return known(false, at(units.file, {}));
    return unknown({ fact: 'firewalld is running', command: 'firewall-cmd --state', where: 'node' });
  },
};
