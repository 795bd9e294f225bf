import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tracedOutcomes } from './ask.ts';
import { evidenceOf } from './evidence.ts';
import { networkOf, nodeOptions } from './node-files.ts';
import { expectedOutcomes, type Mode, questionsAbout } from './oracle.ts';
import { randomServices } from './random-services.ts';

const MODES: readonly Mode[] = ['iptables', 'nftables', 'ipvs'];
const CASES = MODES.flatMap((mode) => ([4, 6] as const).map((family) => ({ mode, family })));
/** More sets of Services: `NETVET_KUBE_PROXY_RUNS=1000 vitest run …`. */
const RUNS = Number(process.env.NETVET_KUBE_PROXY_RUNS ?? 30);

describe.each(CASES)('$mode, IPv$family', ({ mode, family }) => {
  it('packets go where the Services say', async () => {
    const property = fc.asyncProperty(randomServices(family), async (services) => {
      const network = await networkOf(evidenceOf(mode, services, nodeOptions(family)));
      const questions = questionsAbout(services, family);
      const named = questions.map(({ service: { name }, by, who, source }) => ({ name, by, who, source }));
      expect(
        questions.map((asked, at) => ({ ...named[at], ways: tracedOutcomes(network, asked, family) })),
      ).toEqual(
        questions.map((asked, at) => ({ ...named[at], ways: expectedOutcomes(asked, family, mode) })),
      );
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});
