import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const main = new URL('../src/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'netvet-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function netvet(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@netvet/source', main, ...words],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  return { code: status, out: stdout, err: stderr };
}

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

write(
  'source/nodes/n1/ip-addr.txt',
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <UP,LOWER_UP> mtu 1500 state UP\n    inet 192.0.2.1/24 scope global eth0\n',
);
write('source/nodes/n1/ip-route.txt', '192.0.2.0/24 dev eth0 scope link\n');
write('source/nodes/n1/sysctl.txt', 'net.ipv4.conf.all.rp_filter = 0\n');
write(
  'source/nodes/n1/iptables-save.txt',
  '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n',
);
write('source/nodes/n1/iptables-version.txt', 'iptables v1.8.4 (legacy)\n');
write('source/nodes/n1/nft-ruleset.txt', '');
write('source/nodes/n1/ip-rule.txt', '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n');
const source = join(folder, 'source');

describe('netvet trace', () => {
  it('shows the steps and where they are proved', () => {
    const { code, out } = netvet('trace', source, '--from', '192.0.2.7', '--to', '192.0.2.1:23');
    expect(code).toBe(0);
    expect(out).toContain('rejected at n1/eth0');
    expect(out).toContain('(nodes/n1/iptables-save.txt:3)');
  });

  it('answers as JSON', () => {
    const { out } = netvet('trace', source, '--from', '192.0.2.7', '--to', 'node/n1:22', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({
      schema: 'netvet.dev/trace/v1',
      question: { from: '192.0.2.7', to: 'node/n1:22', protocol: 'tcp', destinationPort: 22 },
      paths: [{ probability: 1, disposition: 'delivered', at: { node: 'n1', interface: 'eth0' } }],
      notModelled: [],
    });
  });

  it('answers many questions in their order, and those it can not answer in their place', () => {
    const flows = write(
      'flows.json',
      JSON.stringify([
        { from: '192.0.2.7', to: '192.0.2.1:23' },
        { from: 'node/none', to: '192.0.2.1:23' },
        { from: 7 },
        'nonsense',
        { from: '192.0.2.7', to: '192.0.2.1', protocol: 'icmp' },
      ]),
    );
    const { code, out } = netvet('trace', source, '--flows', flows, '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { paths: [{ disposition: 'rejected' }] },
      { question: { from: 'node/none' }, error: { code: 'not-found' } },
      { question: { from: 7 }, error: { code: 'bad-question' } },
      { question: 'nonsense', error: { code: 'bad-question' } },
      { paths: [{ disposition: 'delivered' }] },
    ]);
  });

  it.each([
    [['--from', '192.0.2.7'], 'give --from and --to'],
    [['--from', 'nonsense', '--to', '192.0.2.1'], 'from: expected'],
    [['--flows', join(folder, 'gone.json')], 'gone.json'],
  ])('%j is wrong use', (words, message) => {
    const { code, err } = netvet('trace', source, ...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
