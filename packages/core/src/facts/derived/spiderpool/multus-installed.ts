import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, missingObjects } from '../../reader.ts';
import { workloadContainers } from '../components/workloads.ts';
import { booleanOf } from './settings.ts';
import { containersOfProgram, environmentOf } from './workloads.ts';

/**
 * Whether the chart installs Multus (`multus.multusCNI.install`): what spiderpool-init was told, else whether any
 * workload, such as the init container of the agent, carries the Multus image.
 */
export const multusInstalled: FactDefinition<boolean> = {
  id: 'spiderpool.multus-installed',
  title: 'Multus is installed with Spiderpool (multus.multusCNI.install)',
  level: 'cluster',
  fromText: booleanOf,
  compute(read) {
    for (const container of containersOfProgram(read, 'init')) {
      const told = environmentOf(container, 'SPIDERPOOL_INIT_INSTALL_MULTUS');
      const value = booleanOf(told?.value);
      if (told !== undefined && value !== undefined) return known(value, told.origin);
    }
    const multus = workloadContainers(read).find(({ component }) => component === 'multus');
    if (multus !== undefined) return known(true, multus.origin);
    const [agent] = containersOfProgram(read, 'agent');
    if (agent === undefined || read.objects('daemonsets.apps')?.complete !== true) {
      return unknown(missingObjects('daemonsets.apps'));
    }
    return known(false, inObject(agent.stored, '/spec/template/spec'));
  },
};
