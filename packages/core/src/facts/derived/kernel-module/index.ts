import { lsmodProbe, modulesAvailableProbe, modulesBuiltinProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

export type ModuleState = 'loaded' | 'built-in' | 'available' | 'absent' | 'not-loaded';

/**
 * State of a kernel module: `loaded`, `built-in`, `available` (can be loaded), `absent` (neither built in nor
 * loadable). `not-loaded`: it is not loaded, and nobody asked whether it could be.
 */
export const kernelModule: FactDefinition<ModuleState> = {
  id: 'kernel.module',
  title: 'kernel module',
  parameter: 'name of the module',
  level: 'node',
  compute(read, parameter) {
    const name = parameter.replaceAll('-', '_');
    const loaded = read.probe(lsmodProbe);
    const entry = loaded.state === 'read' ? loaded.value.get(name) : undefined;
    if (loaded.state === 'read' && entry !== undefined) return known('loaded', at(loaded.file, entry));
    const builtin = read.probe(modulesBuiltinProbe);
    const inKernel = builtin.state === 'read' ? builtin.value.get(name) : undefined;
    if (builtin.state === 'read' && inKernel !== undefined)
      return known('built-in', at(builtin.file, inKernel));
    const available = read.probe(modulesAvailableProbe);
    const tried = available.state === 'read' ? available.value.get(name) : undefined;
    if (available.state === 'read' && tried !== undefined) {
      return known(tried.available ? 'available' : 'absent', at(available.file, tried));
    }
    if (loaded.state === 'read' && loaded.complete) return known('not-loaded', at(loaded.file, {}));
    return unknown({ fact: `kernel module ${name}`, command: `modprobe --dry-run ${name}`, where: 'node' });
  },
};
