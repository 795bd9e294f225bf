import { describe, expect, it } from 'vitest';
import { type CommandTraits, commandOutcome, wholeLines } from './outcome.ts';
import type { CommandResult } from './run-command.ts';

function result(exitCode: number, stderr = '', stdout = ''): CommandResult {
  return { stdout: Buffer.from(stdout), stderr, exitCode, durationMs: 1 };
}

/** Exit code, error output and output of real tools. */
const ENDS: readonly (readonly [string, CommandResult, CommandTraits, string])[] = [
  [
    'iptables 1.8.9',
    result(
      4,
      'iptables-nft-save v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
    ),
    {},
    'not-permitted',
  ],
  [
    'nft',
    result(
      1,
      'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted',
    ),
    {},
    'not-permitted',
  ],
  ['ipset', result(1, 'ipset v7.17: Kernel error received: Operation not permitted'), {}, 'not-permitted'],
  [
    'conntrack',
    result(
      1,
      'conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this',
      'cpu=0 found=1\n',
    ),
    {},
    'not-permitted',
  ],
  ['dmesg', result(1, 'dmesg: read kernel buffer failed: Operation not permitted'), {}, 'not-permitted'],
  [
    'journalctl without a journal',
    result(0, 'No journal files were found.', '-- No entries --\n'),
    {},
    'not-found',
  ],
  [
    'journalctl refused',
    result(1, 'No journal files were opened due to insufficient permissions.'),
    {},
    'not-permitted',
  ],
  [
    'journalctl of a user',
    result(0, 'Hint: You are currently not seeing messages from other users and the system.', 'line\n'),
    {},
    'not-permitted',
  ],
  [
    'ethtool without statistics',
    result(94, 'no stats available'),
    { nothing: 'no stats available' },
    'empty',
  ],
  [
    'ethtool without a driver',
    result(71, 'Cannot get driver information: Operation not supported'),
    {},
    'failed',
  ],
  [
    'busybox ip',
    result(1, "ip: invalid option -- 'j'\nBusyBox v1.35.0"),
    { json: true },
    'not-in-this-format',
  ],
  [
    'ip before JSON',
    result(255, 'Option "-j" is unknown, try "ip -help".'),
    { json: true },
    'not-in-this-format',
  ],
  [
    'nft without JSON',
    result(1, 'Error: JSON support not compiled-in'),
    { json: true },
    'not-in-this-format',
  ],
  [
    'ip that ignores -j',
    result(0, '', 'default via 10.0.0.1 dev eth0\n'),
    { json: true },
    'not-in-this-format',
  ],
  ['ip with JSON', result(0, '', '[ ]\n'), { json: true }, 'ok'],
  ['a bridge without entries, as text', result(0), {}, 'empty'],
  ['nothing for JSON', result(0), { json: true }, 'not-in-this-format'],
  ['nothing for a user', result(0), { asOrdinaryUser: true }, 'not-permitted'],
  [
    'sysctl that was refused one key',
    result(255, "sysctl: permission denied on key 'kernel.cad_pid'", 'a = 1\n'),
    { keepsOutput: true },
    'truncated',
  ],
  [
    'sysctl that was refused one key and does not fail',
    result(0, "sysctl: permission denied on key 'kernel.cad_pid'", 'a = 1\n'),
    { keepsOutput: true },
    'truncated',
  ],
  [
    'sysctl that could not read one key',
    result(255, 'sysctl: reading key "net.ipv6.conf.all.stable_secret"', 'a = 1\n'),
    { keepsOutput: true },
    'ok',
  ],
  [
    'sysctl that failed for all keys',
    result(1, 'sysctl: cannot open "/proc/sys": Permission denied'),
    { keepsOutput: true },
    'not-permitted',
  ],
  [
    'output before a failure',
    result(1, 'ovs-vsctl: unix:/run/x: database connection failed', 'half\n'),
    {},
    'failed',
  ],
];

describe('commandOutcome', () => {
  it.each(ENDS)('%s', (_name, end, traits, status) => {
    const outcome = commandOutcome(end, traits);
    expect(outcome.status).toBe(status);
    expect(outcome.exitCode).toBe(end.exitCode);
    expect(outcome.bytes !== undefined).toBe(['ok', 'empty', 'truncated'].includes(status));
  });

  it('drops a line that was cut, which would be read as a value', () => {
    const { exitCode, ...killed } = result(0, '', 'mtu 1500\nmtu 145');
    expect(exitCode).toBe(0);
    const outcome = commandOutcome({ ...killed, stopped: 'time' }, {});
    expect(outcome).toMatchObject({ status: 'truncated', bytes: Buffer.from('mtu 1500\n') });
    expect(commandOutcome({ ...killed, stdout: Buffer.from('mtu'), stopped: 'time' }, {}).status).toBe(
      'timed-out',
    );
    expect(commandOutcome({ ...killed, stopped: 'size' }, {}).status).toBe('truncated');
  });

  it('takes the words of the tool as message', () => {
    expect(commandOutcome(result(2, '\n a\n\nb\n'), {}).message).toBe('a; b');
    expect(commandOutcome(result(2, '', 'said here'), {}).message).toBe('said here');
    expect(commandOutcome(result(2), {}).message).toBe('exit code 2');
  });
});

describe('wholeLines', () => {
  it.each([
    ['a\nb', 'a\n'],
    ['a\n', 'a\n'],
    ['a', ''],
  ])('%j gives %j', (text, whole) => {
    expect(Buffer.from(wholeLines(Buffer.from(text))).toString()).toBe(whole);
  });
});
