import { kernel } from '../../../facts/derived/kernel/index.ts';
import { type KernelBorder, kernelFix } from '../../../versions/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { type Decision, factOutcome } from '../../fact-outcome.ts';

interface Parameters extends KernelBorder {
  /** What is wrong in these kernels, as the subject of a sentence. */
  readonly defect: string;
}

const BUILDS = { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }] };

/** Ubuntu names the upstream release its kernel was built from there; elsewhere the change log does. */
const UPSTREAM_LEVEL = {
  fact: 'upstream release that the kernel was built from',
  command: 'cat /proc/version_signature',
  where: 'node',
};

/**
 * Tests whether the running kernel carries a defect: inside a distribution line by its builds where a border is
 * known, else by mainline and stable releases; a line that back-ports is then only suspected.
 */
export const kernelDefectCondition: ConditionDefinition<Parameters> = {
  id: 'kernel-defect',
  description: 'The running kernel has a defect: it is older than the fix in its own line.',
  parameters: {
    type: 'object',
    required: ['defect', 'mainline'],
    additionalProperties: false,
    properties: {
      defect: { type: 'string', description: 'The defect in a few words.' },
      mainline: { type: 'string', description: 'First mainline release with the fix.' },
      stable: {
        type: 'array',
        items: { type: 'string' },
        description: 'First fixed release of each stable series; an empty list: none got it.',
      },
      introduced: { type: 'string', description: 'Mainline release that brought the defect.' },
      introducedStable: { type: 'array', items: { type: 'string' } },
      lines: {
        type: 'object',
        description: 'Borders of distribution kernels, by line.',
        additionalProperties: {
          type: 'object',
          additionalProperties: false,
          properties: {
            fixed: BUILDS,
            fixedFlavours: { type: 'object', additionalProperties: BUILDS },
            introduced: BUILDS,
            introducedFlavours: { type: 'object', additionalProperties: BUILDS },
            neverFixed: { type: 'boolean' },
            notAffected: { type: 'boolean' },
            uncertain: { type: 'boolean' },
          },
        },
      },
    },
  },
  example: { defect: 'NAT damages zero UDP checksums', mainline: '5.7', stable: ['5.6.13', '5.4.41'] },
  level: () => 'node',
  evaluate(read, { defect, ...border }) {
    return factOutcome(
      kernel,
      '',
      read.fact(kernel),
      `the kernel has the defect: ${defect}`,
      (release): Decision => {
        const { answer, reason } = kernelFix(release, border);
        if (answer === 'not-fixed') return { answer: 'yes', value: `${release.raw} (${reason})` };
        if (answer === 'fixed') return { answer: 'no', value: `${release.raw} (${reason})` };
        return answer === 'uncertain'
          ? { answer: 'yes', value: release.raw, uncertain: reason }
          : { answer: 'unknown', value: `${release.raw} (${reason})`, missing: [UPSTREAM_LEVEL] };
      },
    );
  },
};
