import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseUname } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real captures', () => {
  it.each([
    ['001-centos7-jc.txt', '3.10.0-1062.1.2.el7.x86_64', 'localhost.localdomain', 'x86_64', 1],
    ['002-ubuntu1804-jc.txt', '4.15.0-65-generic', 'kbrazil-ubuntu', 'x86_64', 1],
    ['003-rhel6.txt', '2.6.32-504.el6.x86_64', 'foo.example.com', 'x86_64', 1],
    ['004-rhel7-rt.txt', '3.10.0-327.rt56.204.el7.x86_64', 'localhost.localdomain', 'x86_64', 1],
    ['005-rhel6-foreman-debug.txt', '2.6.32-279.el6.x86_64', 'qqhrycsq2', 'x86_64', 2],
    ['006-s390-different-proc.txt', '2.6.18-194.e15PAE', 'mymachine', 'i686', 1],
  ])('%s', (file, release, nodename, machine, line) => {
    const { value, problems } = parseUname(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toMatchObject({ sysname: 'Linux', release, nodename, machine, line });
  });

  it('keeps the words that tell a real-time kernel', () => {
    expect(parseUname(fixture('004-rhel7-rt.txt')).value?.version).toBe(
      '#1 SMP PREEMPT RT Thu Oct 29 21:54:23 EDT 2015',
    );
  });

  it('does not take FreeBSD for Linux', () => {
    const { value } = parseUname(fixture('007-freebsd-negative.txt'));
    expect(value).toMatchObject({ sysname: 'FreeBSD', release: '12.1-RELEASE', machine: 'amd64' });
  });
});

it.each([
  ['5.14.0-427.13.1.el9_4.x86_64\n', { release: '5.14.0-427.13.1.el9_4.x86_64', line: 1 }],
  ['\ufeff6.1.0-18-amd64\r\n', { release: '6.1.0-18-amd64', line: 1 }],
  ['Linux 6.1.0-18-amd64', { sysname: 'Linux', release: '6.1.0-18-amd64', line: 1 }],
  [
    'Linux 10-0-0-1 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 (2024-02-01) aarch64 GNU/Linux',
    {
      sysname: 'Linux',
      nodename: '10-0-0-1',
      release: '6.1.0-18-amd64',
      version: '#1 SMP Debian 6.1.76-1 (2024-02-01)',
      machine: 'aarch64',
      line: 1,
    },
  ],
])('reads %j', (text, expected) => {
  expect(parseUname(text)).toEqual({ value: expected, problems: [] });
});

it.each(['', '\n\n'])('has nothing to say of the empty text %j', (text) => {
  expect(parseUname(text)).toEqual({ value: undefined, problems: [] });
});

it.each(['bash: uname: command not found', 'Linux', 'Linux host', '5.14.0\0', 'hello 5.14.0 world'])(
  'does not guess a release from %j',
  (text) => {
    const { value, problems } = parseUname(text);
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ line: 1 }]);
  },
);

it('reports a second, different kernel', () => {
  const { value, problems } = parseUname('5.14.0-1\n5.15.0-2\n');
  expect(value?.release).toBe('5.14.0-1');
  expect(problems).toMatchObject([{ line: 2, reason: 'a second, different kernel release' }]);
});
