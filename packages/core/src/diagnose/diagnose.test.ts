import { describe, expect, it } from 'vitest';
import { loadSnapshot } from '../facts/snapshot/load.ts';
import { diagnoseFlow } from './diagnose.ts';
import type { Diagnosis } from './model/diagnosis.ts';

const ADDRESSES = [
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536',
  '    inet 127.0.0.1/8 scope host lo',
  '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500',
  '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
  '    inet 192.0.2.1/24 brd 192.0.2.255 scope global eth0',
  '3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500',
  '    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff',
  '    inet 198.51.100.1/24 brd 198.51.100.255 scope global eth1',
  '',
].join('\n');

const ROUTER: Readonly<Record<string, string>> = {
  'nodes/n1/ip-addr.txt': ADDRESSES,
  'nodes/n1/ip-route.txt':
    '192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.1\n198.51.100.0/24 dev eth1 proto kernel scope link src 198.51.100.1\n',
  'nodes/n1/sysctl.txt': 'net.ipv4.ip_forward = 0\nnet.ipv4.conf.all.rp_filter = 0\n',
};

async function diagnose(
  files: Readonly<Record<string, string>>,
  from: string,
  to: string,
): Promise<Diagnosis> {
  const encoder = new TextEncoder();
  const snapshot = await loadSnapshot(
    Object.entries(files).map(([path, text]) => ({ path, chunks: [encoder.encode(text)] })),
  );
  const diagnosis = diagnoseFlow(snapshot, { from, to });
  if ('error' in diagnosis) throw new Error(diagnosis.error.message);
  return diagnosis;
}

describe('a diagnosis', () => {
  it('names the setting that stops forwarding, and how to change it', async () => {
    const { conclusion, causes } = await diagnose(ROUTER, '192.0.2.7', '198.51.100.7:80');
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'forwarding-off',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n1' },
        evidence: [{ file: 'nodes/n1/sysctl.txt' }],
        remedies: [{ command: 'sysctl -w net.ipv4.ip_forward=1', where: { node: 'n1' } }],
      },
    ]);
  });

  it('shows the last step where no cause is known', async () => {
    const files = {
      ...ROUTER,
      'nodes/n1/ip-route.txt': 'blackhole 198.51.100.0/24\n192.0.2.0/24 dev eth0 scope link\n',
      'nodes/n1/sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n',
    };
    const { conclusion, causes } = await diagnose(files, '192.0.2.7', '198.51.100.7:80');
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      { cause: 'unexplained', evidence: [{ file: 'nodes/n1/ip-route.txt', line: 1 }] },
    ]);
  });

  it('says of an answer that gets lost that it is the answer', async () => {
    const files = {
      ...ROUTER,
      'nodes/n1/ip-route.txt': 'unreachable 203.0.113.0/24\n192.0.2.0/24 dev eth0 scope link\n',
    };
    const { conclusion, causes } = await diagnose(files, '203.0.113.9', '192.0.2.1:80');
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([{ direction: 'reply' }]);
  });
});
