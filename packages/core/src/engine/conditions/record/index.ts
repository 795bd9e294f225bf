import type { Origin } from '../../../facts/fact.ts';
import { valuesAt } from '../../../facts/field-path.ts';
import {
  at,
  type NamespaceReader,
  type ProbeRead,
  type ProbeReader,
  type Reader,
} from '../../../facts/reader.ts';
import { PROBES } from '../../../probes/catalogue.ts';
import type { AnyProbe } from '../../../probes/probe.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { COUNT_TEST_PROPERTIES, type CountTest, describeCount, testCount } from '../../count-test.ts';
import {
  badField,
  describeFieldTest,
  FIELD_TEST_SCHEMA,
  type FieldTest,
  showValue,
} from '../../object-test.ts';
import { passes, testIn } from '../../value-test.ts';

interface Parameters extends CountTest {
  readonly probe: string;
  readonly where?: readonly FieldTest[];
  /** Look into the network namespace of the pod that the finding is about. */
  readonly in?: 'host' | 'pod';
}

interface Found {
  readonly record: Readonly<Record<string, unknown>>;
  readonly origin: Origin;
}

const EVIDENCE_LIMIT = 3;
const byId = new Map(PROBES.map((probe) => [probe.id, probe]));

/** Counts records that a parser read: interfaces, routes, neighbours, policy rules, sets, units … */
export const recordCondition: ConditionDefinition<Parameters> = {
  id: 'record',
  description: 'A probe of the node (or of the pod) gave a number of records that pass all field tests.',
  parameters: {
    type: 'object',
    required: ['probe'],
    additionalProperties: false,
    properties: {
      probe: { enum: [...byId.keys()] },
      where: { type: 'array', items: FIELD_TEST_SCHEMA },
      in: { enum: ['host', 'pod'] },
      ...COUNT_TEST_PROPERTIES,
    },
  },
  example: { probe: 'ip-link', where: [{ field: 'name', is: 'vxlan.calico' }] },
  level: (parameters) => (parameters.in === 'pod' ? 'object' : 'node'),
  check: ({ where = [] }) => {
    const bad = badField(where);
    return bad === undefined ? undefined : { parameter: 'where', complaint: `"${bad}" is not a field path` };
  },
  evaluate(read, parameters) {
    const probe = byId.get(parameters.probe);
    if (probe === undefined) throw new Error(`probe ${parameters.probe} does not exist`);
    const place = parameters.in === 'pod' ? read.podNamespace() : read;
    const reads = place === undefined ? [] : readsOf(place, probe);
    const found = reads
      .flatMap((one) => recordsOf(one, read, place))
      .filter((one) => fits(one, parameters.where ?? []));
    const complete = reads.length > 0 && reads.every((one) => one.state === 'read' && one.complete);
    const answer = testCount(found.length, parameters, complete);
    return {
      answer,
      missing: answer === 'unknown' ? missingOf(reads, probe, parameters) : [],
      reasons: [
        {
          condition: describe(probe, parameters),
          result: answer,
          fact: probe.id,
          value:
            found.length === 0
              ? 'none'
              : `${found.length}: ${found.slice(0, EVIDENCE_LIMIT).map(show).join(' | ')}`,
          origins:
            found.length > 0
              ? found.slice(0, EVIDENCE_LIMIT).map(({ origin }) => origin)
              : reads.flatMap((one) => (one.state === 'read' ? [placed(place, read, one.file, {})] : [])),
        },
      ],
    };
  },
};

function readsOf(place: ProbeReader, probe: AnyProbe): readonly ProbeRead<unknown>[] {
  if (probe.each === undefined) return [place.probe(probe)];
  return place.members(probe).map((member) => place.probe(probe, member));
}

function recordsOf(read: ProbeRead<unknown>, reader: Reader, place: ProbeReader | undefined): Found[] {
  if (read.state === 'missing') return [];
  const { value, file } = read;
  const entries: readonly Readonly<Record<string, unknown>>[] =
    value instanceof Map
      ? [...value].map(([name, entry]) => ({ name, ...(entry as object) }))
      : Array.isArray(value)
        ? value
        : typeof value === 'object' && value !== null
          ? [value as Readonly<Record<string, unknown>>]
          : [];
  return entries.map((record) => ({ record, origin: placed(place, reader, file, record) }));
}

/** Files of a pod's namespace stand below the node's directory in `netns/<name>/`. */
function placed(
  place: ProbeReader | undefined,
  reader: Reader,
  file: string,
  record: { readonly line?: unknown; readonly pointer?: unknown },
): Origin {
  const origin = at(file, {
    ...(typeof record.line === 'number' ? { line: record.line } : {}),
    ...(typeof record.pointer === 'string' ? { pointer: record.pointer } : {}),
  });
  return place === reader ? origin : { ...origin, file: `netns/${(place as NamespaceReader).name}/${file}` };
}

function fits({ record }: Found, tests: readonly FieldTest[]): boolean {
  return tests.every((test) => {
    const conditions = testIn(test);
    const values = valuesAt(record, test.field);
    return values.length === 0
      ? passes(null, conditions)
      : values.some(({ value }) => passes(value, conditions));
  });
}

function missingOf(reads: readonly ProbeRead<unknown>[], probe: AnyProbe, { in: where }: Parameters) {
  const missing = reads.flatMap((one) => (one.state === 'missing' ? [one.missing] : []));
  if (missing.length > 0) return missing;
  const command = probe.source?.kind === 'command' ? (probe.source.commands[0] ?? []).join(' ') : probe.file;
  return [
    { fact: probe.title, command: where === 'pod' ? `in the pod: ${command}` : command, where: 'node' },
  ];
}

function show({ record }: Found): string {
  const { line, pointer, ...rest } = record;
  return showValue(rest);
}

function describe(probe: AnyProbe, parameters: Parameters): string {
  const tests = (parameters.where ?? []).map(describeFieldTest).join(' and ');
  const count = describeCount(parameters);
  return `${count} of ${probe.title}${tests === '' ? '' : ` with ${tests}`}`;
}
