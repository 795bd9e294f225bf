import { versionFacts, versionOf } from '../../../facts/derived/components/versions.ts';
import { parseRange, rangeContains, type Version, type VersionRange } from '../../../versions/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { type Decision, factOutcome } from '../../fact-outcome.ts';

interface Parameters {
  readonly of: string;
  readonly in: string;
  /** Fix releases that were worked out from merge dates instead of being read from release notes. */
  readonly inferred?: readonly string[];
  /** Fixed releases of newer lines, which are no border of a window: their pre-releases are suspected. */
  readonly 'fixed-in'?: readonly string[];
}

/** Tests the release of one component against windows per release line. */
export const versionCondition: ConditionDefinition<Parameters> = {
  id: 'version',
  description:
    'The release of a component image lies in one of the windows, for example ">=1.27.0 <1.27.11 || >=1.28.0 <1.28.7".',
  parameters: {
    type: 'object',
    required: ['of', 'in'],
    additionalProperties: false,
    properties: {
      of: {
        type: 'string',
        description: 'Component, for example kube-proxy, calico-node, kubelet, kubernetes.',
      },
      in: { type: 'string', description: 'Windows of releases, joined by ||.' },
      inferred: {
        type: 'array',
        items: { type: 'string' },
        description:
          'Upper borders that are inferred: releases of that line inside the window are only suspected.',
      },
      'fixed-in': {
        type: 'array',
        items: { type: 'string' },
        description:
          'Fixed releases that are no border of a window, for example 1.30.0: their pre-releases are suspected.',
      },
    },
  },
  example: { of: 'kube-proxy', in: '>=1.27.0 <1.27.11 || >=1.28.0 <1.28.7' },
  level: ({ of }) => versionOf(of)?.level ?? 'cluster',
  check(parameters) {
    if (versionOf(parameters.of) === undefined) {
      const names = versionFacts().map(({ id }) => id.slice('version.'.length));
      return {
        parameter: 'of',
        complaint: `unknown component "${parameters.of}"; components are: ${names.join(', ')}`,
      };
    }
    const range = parseRange(parameters.in);
    return range.ok
      ? undefined
      : { parameter: 'in', complaint: `${range.reason} (at character ${range.position + 1})` };
  },
  evaluate(read, parameters) {
    const definition = versionOf(parameters.of);
    if (definition === undefined) throw new Error(`component ${parameters.of} does not exist`);
    const sentence = `${parameters.of} is in ${parameters.in}`;
    return factOutcome(definition, '', read.fact(definition), sentence, ({ version }) =>
      decide(version, parameters),
    );
  },
};

function decide(version: Version, parameters: Parameters): Decision {
  const { inferred = [], 'fixed-in': fixedIn = [] } = parameters;
  const { answer, reason } = rangeContains(rangeOf(parameters.in), version);
  const numbers = `${version.major}.${version.minor}.${version.patch}`;
  if (answer === 'out' && version.preRelease !== undefined && fixedIn.includes(numbers)) {
    return { answer: 'yes', uncertain: `it is a pre-release of ${numbers}, which has the fix` };
  }
  if (answer === 'out') return { answer: 'no' };
  if (answer === 'uncertain') return { answer: 'yes', uncertain: reason };
  const line = `${version.major}.${version.minor}.`;
  const border = inferred.find((one) => one.startsWith(line));
  return border === undefined
    ? { answer: 'yes' }
    : { answer: 'yes', uncertain: `that ${border} is the first fixed release is inferred from merge dates` };
}

const ranges = new Map<string, VersionRange>();

function rangeOf(text: string): VersionRange {
  let range = ranges.get(text);
  if (range === undefined) {
    const parsed = parseRange(text);
    if (!parsed.ok) throw new Error(`range ${text}: ${parsed.reason}`);
    range = parsed.range;
    ranges.set(text, range);
  }
  return range;
}
