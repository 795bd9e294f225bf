import { kernelConfigProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/**
 * A kernel build option such as `CONFIG_NF_CONNTRACK_ZONES`: `y`, `m` or `n`.
 * Options that a whole configuration does not list are not set.
 */
export const kernelConfigOption: FactDefinition<string> = {
  id: 'kernel.config',
  title: 'kernel option',
  parameter: 'option with CONFIG_',
  level: 'node',
  compute(read, option) {
    const probe = read.probe(kernelConfigProbe);
    const missing = {
      fact: `kernel option ${option}`,
      command: `grep ${option} /boot/config-$(uname -r)`,
      where: 'node',
    };
    if (probe.state === 'missing') return unknown(missing);
    const entry = probe.value.get(option);
    if (entry !== undefined) return known(entry.value, at(probe.file, entry));
    const whole = probe.complete && probe.value.has('CONFIG_NET');
    return whole ? known('n', at(probe.file, {})) : unknown(missing);
  },
};
