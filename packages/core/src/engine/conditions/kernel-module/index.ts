import { kernelModule } from '../../../facts/derived/kernel-module/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { type Decision, factOutcome } from '../../fact-outcome.ts';

interface Parameters {
  readonly name: string;
  readonly is: 'active' | 'usable' | 'absent';
}

/** Tests whether a kernel module is at work (loaded or built in), can be used, or does not exist. */
export const kernelModuleCondition: ConditionDefinition<Parameters> = {
  id: 'kernel-module',
  description: 'A kernel module is active (loaded or built in), usable (active or can be loaded) or absent.',
  parameters: {
    type: 'object',
    required: ['name', 'is'],
    additionalProperties: false,
    properties: { name: { type: 'string' }, is: { enum: ['active', 'usable', 'absent'] } },
  },
  example: { name: 'ifb', is: 'absent' },
  level: () => 'node',
  evaluate(read, { name, is }) {
    return factOutcome(
      kernelModule,
      name,
      read.fact(kernelModule, name),
      `kernel module ${name} is ${is}`,
      (state): Decision => {
        const active = state === 'loaded' || state === 'built-in';
        // A module that is not loaded may be built in, or load when it is needed: nobody asked.
        if (state === 'not-loaded') return { answer: 'unknown', missing: [howToTell(name)] };
        if (is === 'active') return { answer: active ? 'yes' : 'no' };
        const usable = active || state === 'available';
        return { answer: usable === (is === 'usable') ? 'yes' : 'no' };
      },
    );
  },
};

function howToTell(name: string) {
  return {
    fact: `whether kernel module ${name} can be used`,
    command: `modprobe --dry-run ${name}`,
    where: 'node',
  };
}
