import { operatingSystem } from '../../../facts/derived/operating-system/index.ts';
import { isElFamily } from '../../../versions/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { factOutcome } from '../../fact-outcome.ts';

interface Parameters {
  readonly id?: readonly string[];
  /** Major versions of Red Hat Enterprise Linux whose clones count as well. */
  readonly el?: readonly number[];
  /** Beginnings of `VERSION_ID`. */
  readonly version?: readonly string[];
}

/** Tests the operating system: its id, its RHEL family, its version. All that are given must hold. */
export const distributionCondition: ConditionDefinition<Parameters> = {
  id: 'distribution',
  description: 'The node runs one of these distributions.',
  parameters: {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: {
      id: { type: 'array', items: { type: 'string' }, description: 'Values of ID in os-release.' },
      el: {
        type: 'array',
        items: { enum: [7, 8, 9, 10] },
        description: 'RHEL major versions, clones included.',
      },
      version: {
        type: 'array',
        items: { type: 'string' },
        description: 'Beginnings of VERSION_ID: "8" or "20.04".',
      },
    },
  },
  example: { el: [8] },
  level: () => 'node',
  evaluate(read, { id, el, version }) {
    const wanted = [...(id ?? []), ...(el ?? []).map((major) => `RHEL ${major} family`)].join(', ');
    const sentence = `the operating system is ${wanted}${version === undefined ? '' : ` ${version.join(', ')}`}`;
    return factOutcome(operatingSystem, '', read.fact(operatingSystem), sentence, (os) => {
      const family = el === undefined ? undefined : isElFamily(os);
      const fits =
        (id === undefined || id.includes(os.id)) &&
        (el === undefined || (family !== undefined && el.includes(family))) &&
        (version === undefined || version.some((start) => startsVersion(os.versionId ?? '', start)));
      return { answer: fits ? 'yes' : 'no' };
    });
  },
};

/** `8` begins `8` and `8.5`, but not `80`. */
function startsVersion(version: string, start: string): boolean {
  return version === start || version.startsWith(`${start}.`);
}
