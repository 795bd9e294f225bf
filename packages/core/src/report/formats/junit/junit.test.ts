import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SAMPLES, type Sample } from '../../samples/index.ts';
import { junitFormat } from './index.ts';
import { xmlAttribute, xmlText } from './xml.ts';

const hasXmllint = spawnSync('xmllint', ['--version']).error === undefined;

function render({ report, issues }: Sample): string {
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  return junitFormat.render(report, {
    issues: byId,
    colour: false,
    width: 100,
    verbose: false,
    quiet: false,
  });
}

describe.skipIf(!hasXmllint)(
  hasXmllint ? 'xmllint' : 'skipped: xmllint is not installed (libxml2-utils)',
  () => {
    it.each(SAMPLES)('reads the report of the sample $name', (sample) => {
      const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], {
        input: render(sample),
        encoding: 'utf8',
      });

      expect(stderr).toBe('');
      expect(status).toBe(0);
    });

    it('counts what the attributes count', () => {
      const xml = render(SAMPLES[0] as Sample);
      const count = (path: string): number =>
        Number(
          spawnSync('xmllint', ['--xpath', `string(${path})`, '-'], { input: xml, encoding: 'utf8' }).stdout,
        );

      expect(count('/testsuites/@tests')).toBe(count('count(//testcase)'));
      expect(count('/testsuites/@failures')).toBe(count('count(//failure)'));
      expect(count('/testsuites/@skipped')).toBe(count('count(//skipped)'));
      expect(count('/testsuites/@failures')).toBe(5);
    });
  },
);

it('makes characters that XML can not hold visible', () => {
  expect(xmlText('a\u0000\u001b[31m<b>&\n\uFFFE\uD800')).toBe(
    'a\\u{0}\\e[31m&lt;b&gt;&amp;\n\\u{fffe}\\u{d800}',
  );
  expect(xmlAttribute('"a"\n\t\r')).toBe('&quot;a&quot;\\n\\t\\r');
});
