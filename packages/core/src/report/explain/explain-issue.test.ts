import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONDITIONS } from '../../engine/conditions/index.ts';
import type { Issue } from '../../model/issue.ts';
import { SAMPLES } from '../samples/index.ts';
import { conditionLines } from './condition-lines.ts';
import { explainIssue } from './explain-issue.ts';

const [typical] = SAMPLES;
const offload = typical?.issues[0] as Issue;

it.each(CONDITIONS.map(({ id, example }) => ({ id, example })))(
  'puts the condition $id into words',
  ({ id, example }) => {
    const lines = conditionLines({ [id]: example as Readonly<Record<string, unknown>> });

    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).not.toContain('{"');
    expect(lines[0]?.text).toMatch(/\w+ \w+/);
  },
);

it('nests groups of conditions and leaves out groups of one', () => {
  const version = { version: { of: 'calico-node', in: '<3.20.0' } };
  const lines = conditionLines({ all: [{ any: [version] }, { 'some-node': { not: version } }] });

  expect(lines).toEqual([
    { depth: 0, text: 'all of these hold:' },
    { depth: 1, text: 'calico-node is in <3.20.0' },
    { depth: 1, text: 'on at least one node:' },
    { depth: 2, text: 'this does not hold:' },
    { depth: 3, text: 'calico-node is in <3.20.0' },
  ]);
});

it('shows a condition it does not know as it is written', () => {
  expect(conditionLines({ 'of-tomorrow': { name: 'x' } })).toEqual([
    { depth: 0, text: 'of-tomorrow: {"name":"x"}' },
  ]);
});

it.each([
  ['plain', false, 100],
  ['narrow', false, 60],
  ['colour', true, 100],
] as const)('explains a whole issue: %s', (name, colour, width) => {
  const issue: Issue = {
    ...offload,
    aliases: ['calico/63-seconds', 'calico/vxlan-offload'],
    mitigated: { sysctl: { name: 'net.ipv4.example', is: 1 } },
    corrections: [
      { claim: 'Kernel 5.5 has the fix.', source: 'https://example.org/page', truth: 'It came with 5.7.' },
    ],
    conflicts: ['kernel/other'],
  };

  const text = explainIssue(issue, { colour, width });

  const place = new URL(`explain.${name}.golden.txt`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(place, text);
  expect(text).toBe(readFileSync(place, 'utf8'));
});

it('passes no control character of a hostile entry on', () => {
  const issue = SAMPLES.find(({ name }) => name === 'hostile')?.issues[0] as Issue;

  const text = explainIssue(issue, { colour: false, width: 80 });

  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E\u2028]/u);
});
