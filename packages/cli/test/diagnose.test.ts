import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const main = new URL('../src/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'netvet-diagnose-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function netvet(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@netvet/source', main, 'diagnose', ...words],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  return { code: status, out: stdout, err: stderr };
}

function link(number: number, name: string, address: string): string {
  return `${number}: ${name}: <UP,LOWER_UP> mtu 1500 state UP\n    inet ${address} scope global ${name}\n`;
}

/** Two nodes on a network, the second of which refuses telnet. */
const FILES: Readonly<Record<string, string>> = {
  'nodes/n1/ip-addr.txt': link(2, 'eth0', '192.0.2.1/24'),
  'nodes/n2/ip-addr.txt': link(2, 'eth0', '192.0.2.2/24'),
  ...Object.fromEntries(
    ['n1', 'n2'].flatMap((node) => [
      [`nodes/${node}/ip-route.txt`, '192.0.2.0/24 dev eth0 scope link\n'],
      [`nodes/${node}/sysctl.txt`, 'net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 0\n'],
      [`nodes/${node}/nft-ruleset.txt`, ''],
      [`nodes/${node}/iptables-nft-save.txt`, ''],
    ]),
  ),
  'nodes/n1/iptables-legacy-save.txt': '',
  'nodes/n2/iptables-legacy-save.txt':
    '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n',
};
const source = join(folder, 'source');
for (const [path, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(source, path)), { recursive: true });
  writeFileSync(join(source, path), text);
}

describe('netvet diagnose', () => {
  it('begins with the conclusion, and exits with 0 where the answer comes back', () => {
    const { code, out } = netvet(source, '--from', 'node/n1', '--to', 'node/n2:22');
    expect(out.split('\n')[0]).toBe('node/n1 reaches node/n2:22 (tcp), and the answer comes back');
    expect(out).toMatch(/way of the packet:\n {2}delivered at n2\/eth0/);
    expect(code).toBe(0);
  });

  it('shows each cause with its proof, and exits with 3', () => {
    const { code, out } = netvet(source, '--from', 'node/n1', '--to', 'node/n2:23');
    expect(out).toMatch(/^node\/n1 does not reach node\/n2:23 \(tcp\): \S/);
    expect(out).toMatch(/^1\. .*, node n2: loses the request$/m);
    expect(out).toContain('   proof: nodes/n2/iptables-legacy-save.txt:3');
    expect(code).toBe(3);
  });

  it('writes JSON to a file', () => {
    const file = join(folder, 'answer.json');
    netvet(source, '--from', 'node/n1', '--to', 'node/n2:22', '-o', 'json', '--output-file', file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      schema: 'netvet.dev/diagnosis/v1',
      question: { from: 'node/n1', to: 'node/n2:22', protocol: 'tcp', destinationPort: 22 },
      conclusion: 'reachable',
      causes: [],
    });
  });

  it('says what to collect where the answer is not known, which --strict makes an error', () => {
    const question = ['--from', 'node/n1', '--to', '198.51.100.7:80'];
    rmSync(join(source, 'nodes/n1/iptables-legacy-save.txt'));
    const { code, out } = netvet(source, '--from', '192.0.2.9', '--to', 'node/n1:80');
    expect(out).toMatch(/^whether 192\.0\.2\.9 reaches node\/n1:80 \(tcp\) is not known/);
    expect(out).toMatch(/collect next:\n.*iptables-legacy-save\.txt: iptables-legacy-save -c, on n1/);
    expect(code).toBe(0);
    expect(netvet(source, '--from', '192.0.2.9', '--to', 'node/n1:80', '--strict').code).toBe(4);
    expect(netvet(source, ...question, '--strict').code).toBe(3);
  });

  it('says who can not reach whom where nobody is named', () => {
    const { code, out } = netvet(source);
    expect(out).toMatch(/^\d+ nodes?, \d+ pods?, \d+ services?: /);
    expect(out).toContain('pods and nodes, ');
    const answer = JSON.parse(netvet(source, '-o', 'json').out);
    expect(answer).toMatchObject({ schema: 'netvet.dev/cluster-diagnosis/v1' });
    expect(code).toBe(answer.members.broken + answer.toServices.broken > 0 ? 3 : 0);
  });

  it.each([
    [['--from', '192.0.2.7'], 'give --from and --to'],
    [['--from', 'nonsense', '--to', '192.0.2.1'], 'from: expected'],
    [['--from', 'node/n1', '--to', 'pod/default/none'], 'to: no address of pod default/none'],
  ])('%j is wrong use', (words, message) => {
    const { code, err } = netvet(source, ...words);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
