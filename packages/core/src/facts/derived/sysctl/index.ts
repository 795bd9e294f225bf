import { sysctlProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/** Text values of `vm.stat` and the like keep their tabs; null: the kernel has no such setting. */
type SysctlValue = string | null;

/**
 * A sysctl of the host's network namespace, by its name with dots.
 * A setting is only taken as not existing where a whole `sysctl -a` was read, which shows `kernel.ostype`.
 */
export const sysctl: FactDefinition<SysctlValue> = {
  id: 'sysctl',
  title: 'sysctl',
  parameter: 'name with dots',
  level: 'node',
  compute(read, name) {
    const probe = read.probe(sysctlProbe);
    if (probe.state === 'missing') return unknown(sysctlMissing(name));
    const entry = probe.value.get(name);
    if (entry !== undefined) return known(entry.value, at(probe.file, entry));
    const whole = probe.complete && probe.value.has('kernel.ostype');
    return whole ? known(null, at(probe.file, {})) : unknown(sysctlMissing(name));
  },
};

function sysctlMissing(name: string) {
  return { fact: `sysctl ${name}`, command: `sysctl ${name}`, where: 'node' };
}
