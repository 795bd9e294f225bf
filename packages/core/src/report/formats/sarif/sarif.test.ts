import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import type { Finding } from '../../../model/finding.ts';
import { SAMPLES, type Sample } from '../../samples/index.ts';
import { sarifFormat } from './index.ts';

// Draft 4 names itself by words that later drafts do not know; nothing else in this schema differs.
const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(readFileSync(new URL('__fixtures__/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8'));
const ajv = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => isReference(text) && URL.canParse(text),
    'uri-reference': isReference,
    'date-time': true,
    guid: true,
  },
});
const isSarif = ajv.compile(schema);

/** RFC 3986, section 4.1: legal characters only, and no scheme that is none. */
function isReference(text: string): boolean {
  return /^(?:%[0-9A-Fa-f]{2}|[\w.~!$&'()*+,;=:@/?#[\]-])*$/.test(text) && URL.canParse(text, 'file:///');
}

interface Result {
  readonly kind: string;
  readonly level: string;
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly locations: readonly unknown[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

function render({ report, issues }: Sample) {
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  const context = { issues: byId, colour: false, width: 100, verbose: false, quiet: false };
  const log = JSON.parse(sarifFormat.render(report, context));
  const [run] = log.runs;
  return { log, run, results: run.results as readonly Result[] };
}

function sample(name: string): Sample {
  const found = SAMPLES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no sample ${name}`);
  return found;
}

it.each(SAMPLES)('the report of the sample $name is valid SARIF 2.1.0', (one) => {
  const { log } = render(one);

  expect(isSarif(log), JSON.stringify(isSarif.errors, null, 1)).toBe(true);
});

it('gives failures the level of their severity and all else the level none', () => {
  const { results } = render(sample('typical'));

  const seen = new Set(results.map(({ kind, level }) => `${kind} ${level}`));
  expect([...seen].sort()).toEqual(['fail error', 'fail note', 'open none', 'review none']);
});

it('calls what is ruled out a pass', () => {
  const typical = sample('typical');
  const [finding] = typical.report.findings as readonly [Finding, ...Finding[]];
  const ruledOut: Finding = { ...finding, verdict: 'not-affected' };

  const { results } = render({ ...typical, report: { ...typical.report, findings: [ruledOut] } });

  expect(results.map(({ kind }) => kind)).toEqual(['pass']);
});

it('names the rule of each result', () => {
  const { run, results } = render(sample('typical'));

  for (const { ruleId, ruleIndex } of results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
});

it('points at files and lines, and at places in objects', () => {
  const { results } = render(sample('typical'));

  expect(results[0]?.locations).toContainEqual({
    physicalLocation: {
      artifactLocation: { uri: 'nodes/n1/uname.txt', uriBaseId: 'EVIDENCE' },
      region: { startLine: 1 },
    },
    logicalLocations: [{ name: 'n1', fullyQualifiedName: 'node/n1', kind: 'resource' }],
  });
  expect(results[0]?.locations[0]).toMatchObject({
    logicalLocations: [
      { fullyQualifiedName: 'node/n1' },
      { fullyQualifiedName: 'cluster/daemonsets.apps.json#/items/0/spec/template/spec/containers/0/image' },
    ],
  });
});

it('gives every finding a fingerprint of its own that stays the same', () => {
  const prints = render(sample('typical')).results.map((one) => one.partialFingerprints['netvetFinding/v1']);

  expect(new Set(prints).size).toBe(prints.length);
  expect(prints[0]).toBe(render(sample('typical')).results[0]?.partialFingerprints['netvetFinding/v1']);
});
