import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  iptablesRules,
  ipvsRules,
  nftablesRules,
  type ProxyOptions,
  type ServiceSpec,
} from '../../src/kube-proxy/index.ts';
import { tracedOutcomes } from './ask.ts';
import { networkOf, nodeFiles, nodeOptions, serviceAddress } from './node-files.ts';
import { expectedOutcomes, type Mode, questionsAbout } from './oracle.ts';
import { randomServices } from './random-services.ts';

const namespace = `nvtkp${process.pid}`;
const reason = whyNot();
const FAMILIES = [4, 6] as const;
const BACK_ENDS = ['legacy', 'nft'] as const;

/** Why the kernel can not be asked here; undefined where it can. */
function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  try {
    ip('netns', 'add', namespace);
    for (const tool of ['iptables-legacy', 'iptables-nft', 'ip6tables-legacy', 'ip6tables-nft'])
      inside([tool, '-t', 'nat', '-S']);
    inside(['nft', 'list', 'ruleset']);
    inside(['ipset', 'list']);
    return undefined;
  } catch {
    return 'needs ip, iptables-legacy, iptables-nft, nft, ipset and a kernel with them';
  } finally {
    try {
      ip('netns', 'del', namespace);
    } catch {
      // It could not be made.
    }
  }
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: 'ignore' });
}

/** Runs a command in the namespace; what it prints. */
function inside([tool = '', ...words]: readonly string[], input = ''): string {
  return execFileSync('ip', ['netns', 'exec', namespace, tool, ...words], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function tables(family: 4 | 6): string {
  return family === 4 ? 'iptables' : 'ip6tables';
}

/** Loads rules for iptables and lists them again. */
function throughIptables(family: 4 | 6, backEnd: (typeof BACK_ENDS)[number], rules: string): string {
  inside([`${tables(family)}-${backEnd}-restore`], rules);
  return inside([`${tables(family)}-${backEnd}-save`]);
}

/** Services with all that the random ones do not have. */
function specialServices(family: 4 | 6): readonly ServiceSpec[] {
  return [
    {
      namespace: 'ns1',
      name: 'all',
      type: 'LoadBalancer',
      clusterIPs: [serviceAddress(family, 'cluster', 1)],
      externalIPs: [serviceAddress(family, 'external', 1)],
      loadBalancerIPs: [serviceAddress(family, 'loadBalancer', 1), serviceAddress(family, 'loadBalancer', 2)],
      loadBalancerSourceRanges: family === 4 ? ['192.168.0.0/16'] : ['2001:db8::/32'],
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 32000,
      sessionAffinitySeconds: 10800,
      ports: [
        { name: 'sctp', protocol: 'SCTP', port: 80, nodePort: 30080 },
        { name: 'tcp', port: 80, nodePort: 30080 },
        { name: 'udp', protocol: 'UDP', port: 80, nodePort: 30080 },
      ],
      endpoints: [1, 2, 3].map((index) => ({
        address: family === 4 ? `10.244.1.${index}` : `fd00:10:244:1::${index}`,
        nodeName: 'n1',
      })),
    },
  ];
}

const DETECTORS: readonly (readonly [string, Partial<ProxyOptions>])[] = [
  ['a range of pods', {}],
  ['a bridge', { detectLocal: { bridge: 'cni0' } }],
  ['names of interfaces', { detectLocal: { interfacePrefix: 'cali' } }],
  ['masquerading of all', { masqueradeAll: true, masqueradeBit: 20 }],
  [
    'some addresses for NodePorts, and ranges of Services',
    {
      nodePortAddresses: ['192.168.0.2', '2001:db8::2'],
      serviceCIDRs: ['10.96.0.0/16', 'fd00:10:96::/112'],
    },
  ],
];

describe.skipIf(reason !== undefined)(
  `the kernel takes the rules${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    beforeAll(() => ip('netns', 'add', namespace));
    afterAll(() => ip('netns', 'del', namespace));

    describe.each(FAMILIES)('IPv%i', (family) => {
      it.each(DETECTORS)('every form, with %s', (_, changes) => {
        const services = specialServices(family);
        const options = { ...nodeOptions(family), ...changes };
        const rules = iptablesRules(services, options);
        const { ipset, iptables } = ipvsRules(services, options);
        inside(['nft', 'flush', 'ruleset']);
        inside(['ipset', 'destroy']);
        for (const backEnd of BACK_ENDS)
          expect(throughIptables(family, backEnd, rules)).toContain('KUBE-SEP-');
        inside(['ipset', 'restore'], ipset);
        for (const backEnd of BACK_ENDS)
          expect(throughIptables(family, backEnd, withoutIpvsMatch(iptables))).toContain('KUBE-NODE-PORT');
        for (const backEnd of BACK_ENDS) throughIptables(family, backEnd, EMPTY);
        inside(['nft', 'flush', 'ruleset']);
        inside(['nft', '-f', '-'], nftablesRules(services, options));
        expect(inside(['nft', 'list', 'ruleset'])).toContain('service-ips');
      });

      it('and what it lists does what the Services say', async () => {
        for (const services of fc.sample(randomServices(family), { seed: family, numRuns: 8 })) {
          const options = nodeOptions(family);
          const save = `nodes/n1/${tables(family)}`;
          const rules = iptablesRules(services, options);
          inside(['nft', 'flush', 'ruleset']);
          for (const backEnd of BACK_ENDS) {
            const dump = { [`${save}-${backEnd}-save.txt`]: throughIptables(family, backEnd, rules) };
            await expectAgreement('iptables', services, family, dump);
          }
          inside(['nft', 'flush', 'ruleset']);
          inside(['nft', '-f', '-'], nftablesRules(services, options));
          const text = inside(['nft', 'list', 'ruleset']);
          await expectAgreement('nftables', services, family, { 'nodes/n1/nft-ruleset.txt': text });
          const json = inside(['nft', '-j', 'list', 'ruleset']);
          await expectAgreement('nftables', services, family, { 'nodes/n1/nft-ruleset.json': json });
        }
      });
    });
  },
);

const EMPTY = '*mangle\nCOMMIT\n*filter\nCOMMIT\n*nat\nCOMMIT\n';

/** The match for IPVS needs a kernel with IPVS. */
function withoutIpvsMatch(rules: string): string {
  return rules
    .split('\n')
    .filter((line) => !line.includes(' -m ipvs '))
    .join('\n');
}

async function expectAgreement(
  mode: Mode,
  services: readonly ServiceSpec[],
  family: 4 | 6,
  dump: Readonly<Record<string, string>>,
): Promise<void> {
  const network = await networkOf({ ...nodeFiles(), ...dump });
  const questions = questionsAbout(services, family);
  expect(questions.map((asked) => ({ asked, ways: tracedOutcomes(network, asked, family) }))).toEqual(
    questions.map((asked) => ({ asked, ways: expectedOutcomes(asked, nodeOptions(family), mode) })),
  );
}
