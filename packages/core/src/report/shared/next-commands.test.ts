import { expect, it } from 'vitest';
import type { Finding, MissingFact } from '../../model/finding.ts';
import { groupByIssue, type IssueGroup } from './issue-groups.ts';
import { nextCommands, placeOf } from './next-commands.ts';

function lacks(issue: string, commands: readonly string[], where?: string): Finding {
  const missing: readonly MissingFact[] = commands.map((command) => ({
    fact: command,
    command,
    ...(where === undefined ? {} : { where }),
  }));
  const subject = { kind: 'node', name: 'n1' } as const;
  return { issue, severity: 'low', subject, verdict: 'unknown', because: [], missing, remedies: [] };
}

function groups(...findings: readonly Finding[]): readonly IssueGroup[] {
  return groupByIssue(findings, new Map());
}

it('takes the command first that settles the most by itself', () => {
  const undecided = groups(
    lacks('os/1', ['a']),
    lacks('os/2', ['b', 'c']),
    lacks('os/3', ['b', 'd']),
    lacks('os/4', ['a']),
    lacks('os/5', ['b', 'e', 'f', 'g']),
  );

  const { commands, settled, reachable } = nextCommands(undecided, 2);

  expect(commands.map(({ command, issues }) => [command, issues])).toEqual([
    ['a', 2],
    ['b', 3],
  ]);
  expect({ settled, reachable }).toEqual({ settled: 2, reachable: 5 });
});

it('stops when all is settled, and leaves out what no command settles', () => {
  const undecided = groups(lacks('os/1', ['a']), lacks('os/2', []));

  expect(nextCommands(undecided, 10)).toMatchObject({
    commands: [{ command: 'a' }],
    settled: 1,
    reachable: 1,
  });
});

it('says where to run a command', () => {
  const undecided = groups(
    lacks('os/1', ['a'], 'node n2'),
    lacks('os/2', ['a'], 'node n1'),
    lacks('os/3', ['b'], 'each node'),
    lacks('os/4', ['c']),
  );
  const { commands } = nextCommands(undecided, 10);

  expect(commands.map((one) => [one.command, placeOf(one, 5)])).toEqual([
    ['a', 'on n1, n2'],
    ['b', 'on every node'],
    ['c', ''],
  ]);
  expect(commands.map((one) => placeOf(one, 2))[0]).toBe('on every node');
});

it('gives the same order whatever the order of equal commands', () => {
  const forward = nextCommands(groups(lacks('os/1', ['a', 'b'])), 10);
  const backward = nextCommands(groups(lacks('os/1', ['b', 'a'])), 10);

  expect(forward).toEqual(backward);
});
