import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Report } from '../../model/report.ts';
import type { ReportContext } from '../format.ts';
import { SAMPLES } from '../samples/index.ts';
import { formatById } from './index.ts';

const context: ReportContext = { issues: new Map(), colour: false, width: 100, verbose: false, quiet: false };

it.each(SAMPLES)('JSON and YAML read back as the report of the sample $name', ({ report }) => {
  expect(JSON.parse(formatById('json').render(report, context))).toEqual(report);
  expect(parse(formatById('yaml').render(report, context))).toEqual(report);
});

it.each(['json', 'yaml', 'sarif'])('%s is not indented for a report nobody reads', (id) => {
  const [typical] = SAMPLES;
  const finding = typical?.report.findings[0];
  if (typical === undefined || finding === undefined) throw new Error('the sample has findings');
  const huge: Report = { ...typical.report, findings: Array.from({ length: 10_001 }, () => finding) };

  const text = formatById(id).render(huge, context);

  expect(text.trimEnd()).not.toContain('\n');
  expect(JSON.parse(text)).toBeTypeOf('object');
});

it.each(['json', 'yaml', 'text', 'markdown', 'html', 'sarif', 'junit'])(
  '%s passes no control character on',
  (id) => {
    const hostile = SAMPLES.find(({ name }) => name === 'hostile');
    if (hostile === undefined) throw new Error('there is a hostile sample');
    const issues = new Map(hostile.issues.map((issue) => [issue.id, issue]));

    for (const verbose of [false, true]) {
      const text = formatById(id).render(hostile.report, { ...context, issues, verbose });
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
    }
  },
);

it('names the formats when asked for one that does not exist', () => {
  expect(() => formatById('pdf')).toThrow(
    'report format "pdf" does not exist; formats are: text, json, yaml',
  );
});
