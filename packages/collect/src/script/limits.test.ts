import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest, ManifestEntry } from '@netvet/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectScript } from './collect-script.ts';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'netvet-limits-'));
  writeFileSync(join(place, 'collect.sh'), collectScript('0.1.0'));
});
afterAll(() => rmSync(place, { recursive: true }));

/** Runs the script with tools of one's own in front of those of the machine. */
function collect(name: string, tools: Readonly<Record<string, string>>, args: readonly string[]) {
  const bin = join(place, `${name}-bin`);
  mkdirSync(bin);
  for (const [tool, script] of Object.entries(tools)) {
    writeFileSync(join(bin, tool), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, tool), 0o755);
  }
  const out = join(place, name);
  const env = { ...process.env, PATH: `${bin}:/usr/bin:/bin` };
  const all = [join(place, 'collect.sh'), '-H', '-n', 'n1', '-o', out, ...args];
  const { status, stderr } = spawnSync('sh', all, { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, expect.stringContaining(out)]);
  const manifest: Manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  return (path: string): Partial<ManifestEntry> & { text?: string } => {
    const entry = manifest.entries.find((one) => one.path === `nodes/n1/${path}`);
    const text =
      entry?.bytes === undefined ? {} : { text: readFileSync(join(out, 'nodes/n1', path), 'utf8') };
    return { ...entry, ...text };
  };
}

const TOOLS = {
  // A tool that hangs after two and a half lines, with a child that ignores the polite signal.
  nstat: 'printf "first\\nsecond\\nthi"; sleep 60',
  uname: 'case $1 in -n) echo n1;; -r) echo 6.1.0;; *) sleep 60;; esac',
  lsmod: 'i=0; while [ $i -lt 3000 ]; do echo 123456789; i=$((i + 1)); done',
  sysctl: 'echo "net.ipv4.tcp_fastopen_key = 1-2"; echo "sysctl: permission denied on key" >&2; exit 1',
  nmcli: 'echo "Error: NetworkManager is not running, password=hunter2 \\"x\\"" >&2; exit 8',
  crio: 'printf "[a]\\npassword = |\\n  hunter2\\n[b]\\ntoken = \\"\\"\\"\\nhunter2\\n\\"\\"\\"\\n"',
};

describe.each([
  ['timeout', {}],
  ['a watching process', { timeout: 'exit 1' }],
])('limits of the script, kept by %s', (keeper, more) => {
  let entry: ReturnType<typeof collect>;
  beforeAll(() => {
    entry = collect(keeper.replaceAll(' ', '-'), { ...TOOLS, ...more }, ['-t', '1', '-s', '25']);
  }, 120_000);

  it('keeps whole lines of what came before the time was over', () => {
    expect(entry('nstat.txt')).toMatchObject({ status: 'truncated', text: 'first\nsecond\n' });
  });

  it('tells of a tool that said nothing', () => {
    expect(entry('uname.txt')).toMatchObject({ status: 'timed-out', message: 'the time limit was reached' });
    expect(entry('uname.txt').text).toBeUndefined();
  });

  it('keeps whole lines of what fits', () => {
    expect(entry('lsmod.txt')).toMatchObject({ status: 'truncated', text: '123456789\n123456789\n' });
  });

  it('takes secrets out of messages', () => {
    expect(entry('nmcli-device.txt')).toMatchObject({ status: 'failed', exitCode: 8 });
    expect(entry('nmcli-device.txt').message).toMatch(
      /^Error: NetworkManager is not running, password=<redacted:password> "x"$/,
    );
  });
});

describe('secrets the script is not sure of', () => {
  it('leaves the file out and says so', () => {
    const entry = collect('unsure', TOOLS, ['-t', '1']);
    expect(entry('crio-config.toml')).toMatchObject({
      status: 'redacted',
      message: 'left out: it may hold secrets that this script can not take out',
    });
    expect(entry('crio-config.toml').text).toBeUndefined();
    expect(entry('sysctl.txt')).toMatchObject({
      status: 'truncated',
      redactions: [{ kind: 'key', count: 1 }],
      exitCode: 1,
      text: 'net.ipv4.tcp_fastopen_key = <redacted:key>\n',
    });
  });

  it('leaves out all such files where awk is broken', () => {
    const entry = collect('no-awk', { ...TOOLS, awk: 'exit 1' }, ['-t', '1']);
    expect(entry('sysctl.txt').status).toBe('redacted');
    expect(entry('sysctl.txt').text).toBeUndefined();
    expect(entry('nmcli-device.txt').message).toBe('left out');
    expect(entry('os-release.txt').status).toBe('ok');
  });
});
