import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VERSION } from '../src/version.ts';

const main = new URL('../src/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'netvet-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function netvet(words: readonly string[], input?: Uint8Array): Ran {
  const result = spawnSync(process.execPath, ['--conditions=@netvet/source', main, ...words], {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** Writes an evidence directory and gives its path. */
function evidence(name: string, files: Readonly<Record<string, string | object>>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return join(folder, name);
}

const CENTOS7 = '3.10.0-1160.el7.x86_64';
const affected = evidence('affected', {
  'cluster/daemonsets.apps.json': {
    items: [
      {
        metadata: { name: 'kube-proxy', namespace: 'kube-system' },
        spec: {
          template: {
            spec: { containers: [{ name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.27.3' }] },
          },
        },
      },
    ],
  },
  'nodes/n1/uname.txt': `Linux n1 ${CENTOS7} #1 SMP Mon Oct 19 16:18:59 UTC 2020 x86_64 x86_64 x86_64 GNU/Linux\n`,
  'nodes/n1/os-release.txt': 'ID="centos"\nVERSION_ID="7"\n',
  'nodes/n1/kube-proxy-mode.txt': 'ipvs',
  'nodes/n1/sysctl.txt': 'net.ipv4.vs.conn_reuse_mode = 1\nnet.ipv4.vs.conntrack = 1\n',
});
const nearlyNothing = evidence('uname-only', { 'nodes/n1/uname.txt': '6.6.1\n' });
const ISSUE = 'kube-proxy/ipvs-port-reuse-one-second-delay';

describe('netvet scan', () => {
  it('lets --verdict choose what is shown, not the exit code', () => {
    const { code, out } = netvet(['scan', '--verdict', 'unknown,mitigated', affected, '-o', 'json']);
    expect(code).toBe(3);
    const { findings } = JSON.parse(out) as { findings: { verdict: string }[] };
    expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
  });

  it('refuses an unknown component and an unknown verdict, and names what there is', () => {
    const component = netvet(['scan', affected, '--component', 'calicoo']);
    expect(component).toMatchObject({ code: 2, err: expect.stringContaining('calico') });
    const verdict = netvet(['scan', affected, '--verdict', 'afected']);
    expect(verdict).toMatchObject({ code: 2, err: expect.stringContaining('affected') });
  });

  it('survives a reader that goes away', () => {
    const words = `"${process.execPath}" --conditions=@netvet/source "${main}" scan "${affected}" -o json`;
    const { stdout, stderr } = spawnSync('bash', ['-c', `${words} | head -c 1; echo " \${PIPESTATUS[0]}"`], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '{ 3\n', stderr: '' });
  });

  it('finds an issue, proves it and exits with 3', () => {
    const { code, out } = netvet(['scan', affected, '--issue', ISSUE, '-o', 'json']);
    expect(code).toBe(3);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      schema: 'netvet.dev/report/v1',
      source: { kind: 'evidence-directory', nodes: 1 },
      summary: { affected: 1, mitigated: 0, notAffected: 0, unknown: 0 },
      findings: [{ issue: ISSUE, subject: { kind: 'node', name: 'n1' }, verdict: 'affected' }],
    });
    const places = report.findings[0].because.flatMap((reason: { evidence: object[] }) => reason.evidence);
    expect(places).toContainEqual({ file: 'nodes/n1/sysctl.txt', line: 1 });
  });

  it('gives the same bytes for the same evidence', () => {
    const runs = [1, 2].map(() => netvet(['scan', affected, '-o', 'json', '--all']).out);
    expect(runs[0]).toBe(runs[1]);
  });

  it('exits with 0 below --fail-on, and when nothing is affected', () => {
    expect(netvet(['scan', affected, '--issue', ISSUE, '--fail-on', 'critical']).code).toBe(0);
    expect(netvet(['scan', nearlyNothing, '--issue', ISSUE]).code).toBe(0);
  });

  it('exits with 4 for unknowns only with --strict', () => {
    expect(netvet(['scan', nearlyNothing, '--issue', 'os/end-of-life', '--strict']).code).toBe(4);
  });

  it('leaves accepted findings out of the exit code', () => {
    const accept = join(folder, 'accept.yaml');
    writeFileSync(accept, `- { issue: ${ISSUE}, subject: node/n1, reason: replaced next week }\n`);
    expect(netvet(['scan', affected, '--issue', ISSUE, '--accept', accept]).code).toBe(0);
  });

  it.each([
    [['scan', join(folder, 'nowhere')], 'does not exist'],
    [['scan', affected, '--issue', 'kube-proxy/ipvs-port-reuse'], 'did you mean kube-proxy/ipvs-port-reuse'],
    [['scan'], 'missing required argument'],
    [['scan', affected, '-o', 'pdf'], 'Allowed choices are text, json'],
    [['scam'], 'Did you mean scan?'],
    [['scan', affected, '--max-size', '-3'], 'expected a whole number'],
    [['scan', affected, '--catalogue', join(folder, 'none')], 'can not be used'],
  ])('%j is wrong use: exit code 2 and a reason', (words, message) => {
    const { code, out, err } = netvet(words);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });

  it('writes every format', () => {
    expect(netvet(['scan', affected, '--issue', ISSUE]).out).toContain(ISSUE);
    expect(parse(netvet(['scan', affected, '--issue', ISSUE, '-o', 'yaml']).out)).toMatchObject({
      findings: [{ issue: ISSUE }],
    });
    expect(netvet(['scan', affected, '--issue', ISSUE, '-o', 'markdown']).out).toContain(ISSUE);
    expect(netvet(['scan', affected, '--issue', ISSUE, '-o', 'html']).out).toMatch(/^<!doctype html>/i);
    expect(JSON.parse(netvet(['scan', affected, '--issue', ISSUE, '-o', 'sarif']).out)).toMatchObject({
      version: '2.1.0',
    });
    expect(netvet(['scan', affected, '--issue', ISSUE, '-o', 'junit']).out).toContain('<testsuite');
  });

  it('writes to a file instead of standard output', () => {
    const file = join(folder, 'report.json');
    const { out } = netvet(['scan', affected, '--issue', ISSUE, '-o', 'json', '--output-file', file]);
    expect(out).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ findings: [{ issue: ISSUE }] });
  });
});

describe('the catalogue on the command line', () => {
  it('is listed and filtered', () => {
    const { code, out } = netvet(['issues', 'ipvs', '--component', 'kube-proxy']);
    expect(code).toBe(0);
    expect(out).toContain(ISSUE);
    expect(out).not.toContain('spiderpool/');
  });

  it('is explained by id and by alias', () => {
    expect(netvet(['explain', ISSUE]).out).toContain('1 s');
    expect(netvet(['explain', 'cni/bin-path-mismatch']).out).toContain('calico/cni-bin-dir-mismatch');
    expect(netvet(['explain', 'nothing/here']).code).toBe(2);
  });

  it.each([
    [['63 seconds'], 'calico/vxlan-checksum-offload-63s'],
    [['1s delay when connecting to a service, ipvs'], ISSUE],
    [["can't set sysctl net/ipv4/vs/conn_reuse_mode, kernel version must be at least 4.1"], ISSUE],
  ])('a symptom %j leads to %s', (words, issue) => {
    const { out } = netvet(['symptom', ...words, '-o', 'json']);
    const answer = JSON.parse(out) as { candidates: { issue: string }[] };
    expect(answer.candidates.slice(0, 3).map((candidate) => candidate.issue)).toContain(issue);
  });

  it('a symptom can be looked up in a source', () => {
    const { out } = netvet(['symptom', '1s delay ipvs', affected]);
    expect(out).toMatch(/in this source: affected/);
  });
});

describe('netvet preflight', () => {
  it('judges a cluster that does not exist yet', () => {
    const facts = [
      'kubernetes=1.27.3',
      'proxy-mode=ipvs',
      `kernel=${CENTOS7}`,
      'os=centos:7',
      'calico=3.19.0',
      'encapsulation=vxlan',
    ];
    const { out } = netvet(['preflight', ...facts, '-o', 'json']);
    const report = JSON.parse(out) as { findings: { issue: string; verdict: string }[] };
    const hit = report.findings.filter(({ verdict }) => verdict === 'affected').map(({ issue }) => issue);
    expect(hit).toContain('calico/vxlan-checksum-offload-63s');
    expect(hit).toContain('os/end-of-life');
    expect(report.findings.some(({ issue }) => issue.startsWith('antrea/'))).toBe(false);
  });

  it('refuses what it does not understand', () => {
    expect(netvet(['preflight', 'kubernets=1.27']).err).toContain('keys are: kubernetes');
  });
});

describe('the command itself', () => {
  it('has the version of its package', () => {
    const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(own.version);
    expect(netvet(['--version']).out.trim()).toBe(VERSION);
  });

  it('has help and completion', () => {
    expect(netvet(['--help'])).toMatchObject({ code: 0, err: '' });
    expect(netvet(['help', 'scan']).out).toContain('--fail-on');
    for (const shell of ['bash', 'zsh', 'fish'])
      expect(netvet(['completion', shell]).out).toContain('preflight');
    expect(netvet(['completion', 'tcsh']).code).toBe(2);
  });

  it('prints completion that bash accepts', () => {
    const { status, stderr } = spawnSync('bash', ['-n'], {
      input: netvet(['completion', 'bash']).out,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('reads nothing and says so when standard input is no archive', () => {
    const { code, err } = netvet(['scan', '-'], new TextEncoder().encode('this is no archive'));
    expect(code).toBe(2);
    expect(err).not.toContain('fault of netvet');
  });
});
