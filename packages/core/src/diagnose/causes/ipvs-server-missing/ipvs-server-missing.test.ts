import { describe, expect, it } from 'vitest';
import {
  addLines,
  change,
  diagnose,
  dropLine,
  type Files,
  lineOf,
  twoNodes,
  without,
} from '../../testing/two-nodes.ts';

const IPVS = 'nodes/n1/ipvsadm-save.txt';
const ADDRESSES = 'nodes/n1/ip-addr.txt';
const CALL = { from: 'pod/default/client', to: 'service/default/web:80' };

/** n1 balances with IPVS, as kube-proxy sets it up. */
const balanced: Files = {
  ...addLines(
    addLines(
      change(twoNodes(), 'nodes/n1/iptables-legacy-save.txt', /^.*KUBE-S(?:VC|EP)-0.*\n/, ''),
      ADDRESSES,
      '9: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default',
      '    link/ether 5e:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
      '    dummy',
      '    inet 10.96.0.20/32 scope global kube-ipvs0',
    ),
    'nodes/n1/sysctl.txt',
    'net.ipv4.vs.conntrack = 1',
  ),
  [IPVS]: [
    '-A -t 10.96.0.20:80 -s rr',
    '-a -t 10.96.0.20:80 -r 10.244.2.10:8080 -m -w 1',
    '-a -t 10.96.0.20:80 -r 10.244.2.11:8080 -m -w 1',
    '',
  ].join('\n'),
};

describe('ipvs-server-missing', () => {
  it('has nothing to say of a node that balances', async () => {
    expect(await diagnose(balanced, CALL)).toMatchObject({ conclusion: 'reachable', causes: [] });
  });

  it('names a virtual server that is gone, and makes it anew', async () => {
    const files = { ...balanced, [IPVS]: '-A -t 10.96.0.99:80 -s lc\n' };
    const { conclusion, causes } = await diagnose(files, CALL);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'ipvs-server-missing',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n1' },
        remedies: [{ where: { node: 'n1' } }, { kind: 'restart' }],
      },
    ]);
    expect(causes[0]?.remedies[0]?.command?.split('\n')).toEqual([
      'ipvsadm -A -t 10.96.0.20:80 -s lc',
      'ipvsadm -a -t 10.96.0.20:80 -r 10.244.2.10:8080 -m -w 1',
      'ipvsadm -a -t 10.96.0.20:80 -r 10.244.2.11:8080 -m -w 1',
    ]);
    expect(causes[0]?.evidence[0]).toEqual({ file: IPVS });
  });

  it('names a virtual server without servers, also where they only rest', async () => {
    const empty = dropLine(balanced, IPVS, '-a -t');
    const gone = await diagnose(empty, CALL);
    expect(gone.causes[0]).toMatchObject({
      cause: 'ipvs-server-missing',
      evidence: [lineOf(empty, IPVS, '-A -t'), {}, {}, {}, {}],
    });
    expect(gone.causes[0]?.remedies[0]?.command).toMatch(/^ipvsadm -a /);
    const resting = await diagnose(change(balanced, IPVS, '-w 1', '-w 0'), CALL);
    expect(resting.causes[0]?.remedies[0]?.command).toMatch(/^ipvsadm -e .* -w 1\nipvsadm -e /);
  });

  it('names an address that kube-ipvs0 lacks', async () => {
    const files = dropLine(balanced, ADDRESSES, 'inet 10.96.0.20/32');
    const { causes } = await diagnose(files, CALL);
    expect(causes).toMatchObject([
      {
        cause: 'ipvs-server-missing',
        remedies: [{ command: 'ip address add 10.96.0.20/32 dev kube-ipvs0' }, {}],
      },
    ]);
    expect(causes[0]?.text).toContain('kube-ipvs0 lacks 10.96.0.20');
  });

  it('claims nothing where the services of IPVS were not collected', async () => {
    const { causes } = await diagnose(without(balanced, IPVS), CALL);
    expect(causes.map(({ cause }) => cause)).not.toContain('ipvs-server-missing');
  });

  it('leaves servers that are gone to the cause for them', async () => {
    const files = change(
      balanced,
      IPVS,
      /^-a .*\.11:8080 -m -w 1$/,
      '-a -t 10.96.0.20:80 -r 10.244.2.60:8080 -m -w 1',
    );
    const { conclusion, causes } = await diagnose(files, CALL);
    expect(conclusion).toBe('partly-reachable');
    expect(causes).toMatchObject([
      {
        cause: 'stale-dnat-target',
        effect: 'blocks',
        remedies: [
          {
            command:
              'ipvsadm -a -t 10.96.0.20:80 -r 10.244.2.11:8080 -m -w 1\nipvsadm -d -t 10.96.0.20:80 -r 10.244.2.60:8080',
          },
          {},
        ],
      },
    ]);
  });
});
