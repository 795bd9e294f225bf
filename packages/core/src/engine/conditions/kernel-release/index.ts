import { kernel } from '../../../facts/derived/kernel/index.ts';
import { parseRange, parseVersion, rangeContains, type VersionRange } from '../../../versions/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { factOutcome } from '../../fact-outcome.ts';

interface Parameters {
  readonly numbers: string;
}

/**
 * Compares the leading numbers of the kernel release only, as programs do that choose their behaviour by it
 * (kube-proxy, Felix). Says nothing about what the kernel really contains: see `kernel-defect` for that.
 */
export const kernelReleaseCondition: ConditionDefinition<Parameters> = {
  id: 'kernel-release',
  description:
    'The leading numbers of the kernel release lie in a range; distribution builds are not looked at.',
  parameters: {
    type: 'object',
    required: ['numbers'],
    additionalProperties: false,
    properties: { numbers: { type: 'string', description: 'Range, for example ">=4.1.0 <5.9.0".' } },
  },
  example: { numbers: '>=4.1.0 <5.9.0' },
  level: () => 'node',
  check({ numbers }) {
    const range = parseRange(numbers);
    return range.ok ? undefined : { parameter: 'numbers', complaint: range.reason };
  },
  evaluate(read, { numbers }) {
    return factOutcome(
      kernel,
      '',
      read.fact(kernel),
      `the kernel's release number is in ${numbers}`,
      ({ raw }) => {
        const [, major, minor, patch = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(raw) ?? [];
        if (major === undefined || minor === undefined) return { answer: 'unknown' };
        const version = parseVersion(`${major}.${minor}.${patch}`);
        const inside = version !== undefined && rangeContains(rangeOf(numbers), version).answer === 'in';
        return { answer: inside ? 'yes' : 'no' };
      },
    );
  },
};

function rangeOf(text: string): VersionRange {
  const range = parseRange(text);
  if (!range.ok) throw new Error(`range ${text}: ${range.reason}`);
  return range.range;
}
