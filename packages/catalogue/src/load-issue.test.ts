import { CONDITIONS } from '@netvet/core';
import { describe, expect, it } from 'vitest';
import { loadIssue } from './load-issue.ts';
import { schemaErrors } from './schema-errors.ts';

const GOOD = `title: A title
severity: high
summary: What it is.
mechanism: Why it is.
symptoms:
  - { kind: latency, text: Slow., seconds: [1] }
scope: { subject: node }
applies:
  - sysctl: { name: net.ipv4.ip_forward, is: 0 }
remedies:
  - { kind: set-sysctl, text: Switch it on. }
verify: [Look again.]
references: ['https://docs.kernel.org/networking/ip-sysctl.html']
confidence:
  - { border: any, level: verified }
`;

function complaintsOf(text: string): readonly string[] {
  const loaded = loadIssue('os/sample', 'issue.yaml', text);
  return loaded.ok
    ? []
    : loaded.complaints.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('loading an entry', () => {
  it('turns a list of conditions into "all"', () => {
    const loaded = loadIssue('os/sample', 'issue.yaml', GOOD);
    expect(loaded).toMatchObject({
      ok: true,
      issue: { id: 'os/sample', applies: { all: [{ sysctl: { name: 'net.ipv4.ip_forward', is: 0 } }] } },
    });
  });

  it.each([
    ['severity: high', 'severity: terrible', '2:11 allowed values are: critical, high, medium, low, info'],
    ['  - sysctl: {', '  - sysctrl: {', '9:5 unknown condition "sysctrl"; allowed are: all, any, not'],
    ['name: net.ipv4.ip_forward, is: 0', 'nam: net.ipv4.ip_forward', 'must have required property'],
    [
      'name: net.ipv4.ip_forward, is: 0',
      'name: net.ipv4.ip_forward, iz: 0',
      '9:42 unknown field "iz"; allowed are: name, is',
    ],
    ['scope: { subject: node }', 'scope: { subject: service }', 'put it inside "some-node"'],
    ['{ name: net.ipv4.ip_forward, is: 0 }', "{ name: x, matches: '(' }", 'must match format "regex"'],
    ['sysctl: { name: net.ipv4.ip_forward, is: 0 }', "version: { of: kube-proxy, in: '>=1.2 <' }", '9:'],
    [
      'sysctl: { name: net.ipv4.ip_forward, is: 0 }',
      'fact: { id: nothing, is: 1 }',
      'unknown fact "nothing"; facts are: ',
    ],
    ['title: A title', 'title: [', '1:'],
  ])('complains about %s → %s', (before, after, message) => {
    expect(GOOD).toContain(before);
    expect(complaintsOf(GOOD.replace(before, after)).join('\n')).toContain(message);
  });

  it('wants the fields in one order', () => {
    const swapped = GOOD.replace('title: A title\nseverity: high\n', 'severity: high\ntitle: A title\n');
    expect(complaintsOf(swapped).join()).toContain('fields stand in this order: title, severity');
  });
});

describe('conditions', () => {
  it.each(CONDITIONS.map((condition) => [condition.id, condition] as const))(
    '%s: its example fits its schema',
    (id, condition) => {
      expect(schemaErrors(`condition ${id}`, condition.parameters, condition.example)).toEqual([]);
      expect(condition.check?.(condition.example as never)).toBeUndefined();
      expect(condition.description).not.toBe('');
    },
  );
});
