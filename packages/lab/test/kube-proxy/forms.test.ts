import { traceFlow } from '@netvet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/kube-proxy/index.ts';
import { tracedOutcomes } from './ask.ts';
import { evidenceOf } from './evidence.ts';
import { networkOf, nodeOptions, PLACES } from './node-files.ts';
import { expectedOutcomes, type Mode, questionsAbout } from './oracle.ts';
import { randomOptions, randomServices } from './random-services.ts';

const MODES: readonly Mode[] = ['iptables', 'nftables', 'ipvs'];
const CASES = MODES.flatMap((mode) => ([4, 6] as const).map((family) => ({ mode, family })));
/** More sets of Services: `NETVET_KUBE_PROXY_RUNS=1000 vitest run …`. */
const RUNS = Number(process.env.NETVET_KUBE_PROXY_RUNS ?? 30);

describe.each(CASES)('$mode, IPv$family', ({ mode, family }) => {
  it('packets go where the Services say', async () => {
    const property = fc.asyncProperty(
      randomServices(family),
      randomOptions(family),
      async (services, options) => {
        const network = await networkOf(evidenceOf(mode, services, options));
        const questions = questionsAbout(services, family);
        const named = questions.map(({ service: { name }, by, who, source }) => ({ name, by, who, source }));
        expect(
          questions.map((asked, at) => ({ ...named[at], ways: tracedOutcomes(network, asked, family) })),
        ).toEqual(
          questions.map((asked, at) => ({ ...named[at], ways: expectedOutcomes(asked, options, mode) })),
        );
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  });
});

describe('a port that no Service has, asked for by a pod', () => {
  const service: ServiceSpec = {
    namespace: 'ns1',
    name: 'svc1',
    type: 'ClusterIP',
    clusterIPs: ['10.96.0.1'],
    ports: [{ port: 80, targetPort: 8080 }],
    endpoints: [{ address: '10.244.1.10', nodeName: 'n1' }],
  };

  it.each([
    { mode: 'iptables', to: '10.96.0.1:81', end: 'left-network' },
    { mode: 'iptables', to: '10.96.0.2:80', end: 'left-network' },
    { mode: 'nftables', to: '10.96.0.1:81', end: 'rejected' },
    { mode: 'nftables', to: '10.96.0.2:80', end: 'dropped' },
    { mode: 'nftables', to: '10.97.0.2:80', end: 'left-network' },
    { mode: 'ipvs', to: '10.96.0.1:81', end: 'rejected' },
    { mode: 'ipvs', to: '10.96.0.2:80', end: 'left-network' },
  ] as const)('$mode, $to: $end', async ({ mode, to, end }) => {
    const options = { ...nodeOptions(4), serviceCIDRs: ['10.96.0.0/16'] };
    const network = await networkOf(evidenceOf(mode, [service], options));
    const answer = traceFlow(network, { from: PLACES[4].pod, to });
    expect('paths' in answer && answer.paths.map(({ disposition }) => disposition)).toEqual([end]);
  });
});
