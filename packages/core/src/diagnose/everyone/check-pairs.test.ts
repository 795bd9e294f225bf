import { expect, it } from 'vitest';
import { followPacket } from '../../datapath/follow.ts';
import { Network } from '../../datapath/model/network.ts';
import { understandQuestion } from '../../datapath/question.ts';
import { loadSnapshot } from '../../facts/snapshot/load.ts';
import { checkPairs } from './check-pairs.ts';
import type { Member } from './members.ts';
import { endsOf } from './outcome.ts';
import { type Carrying, type ClusterPlan, clusterFiles } from './testing/cluster-files.ts';
import { randomFrom, withFault } from './testing/random-faults.ts';

const FIRST_SEED = Number(process.env.NETVET_PAIRS_SEED ?? 1);
const CLUSTERS = Number(process.env.NETVET_PAIRS_CLUSTERS ?? 24);
const CARRYING: readonly Carrying[] = ['vxlan', 'ipip', 'routed', 'bridge'];

async function networkOf(files: Readonly<Record<string, string>>): Promise<Network> {
  const encoder = new TextEncoder();
  return new Network(
    await loadSnapshot(
      Object.entries(files).map(([path, text]) => ({ path, chunks: [encoder.encode(text)] })),
    ),
  );
}

function randomCluster(seed: number): {
  readonly plan: ClusterPlan;
  readonly files: Readonly<Record<string, string>>;
} {
  const random = randomFrom(seed);
  const upTo = (limit: number): number => Math.floor(random() * (limit + 1));
  const plan: ClusterPlan = {
    nodes: 3 + upTo(3),
    podsPerNode: upTo(3),
    services: upTo(3),
    carrying: CARRYING[upTo(3)] ?? 'vxlan',
    masquerades: random() < 0.5,
    withNamespaces: random() < 0.2,
  };
  let files = clusterFiles(plan);
  for (let faults = upTo(3); faults > 0; faults--) files = withFault(files, random);
  return { plan, files };
}

/** What asking about this pair alone gives. */
function asked(network: Network, from: Member, to: Member): string {
  const question = understandQuestion(network, { from: from.from, to: to.to });
  return 'error' in question ? question.error.code : endsOf(followPacket(network, question, true));
}

it.each(Array.from({ length: CLUSTERS }, (_, index) => FIRST_SEED + index))(
  'pairs that are alike end alike: cluster %i',
  async (seed) => {
    const { plan, files } = randomCluster(seed);
    const check = checkPairs(await networkOf(files), 4);
    // A network of its own, so that nothing that was kept of one walk helps the others.
    const network = await networkOf(files);
    const wrong: string[] = [];
    let pairs = 0;
    for (const { from, to, outcome } of check.pairs()) {
      for (const one of from.members) {
        for (const other of to.members) {
          if (one === other) continue;
          pairs++;
          const ends = asked(network, one, other);
          if (ends !== outcome.ends)
            wrong.push(`${one.from} → ${other.to}: ${ends}, but by class ${outcome.ends}`);
        }
      }
    }
    expect({ plan, wrong }).toEqual({ plan, wrong: [] });
    expect(pairs).toBe(check.members.length * (check.members.length - 1));
  },
);

it('a large cluster that is alike everywhere takes few walks', async () => {
  const plan: ClusterPlan = { nodes: 20, podsPerNode: 5, services: 10, carrying: 'vxlan', masquerades: true };
  const check = checkPairs(await networkOf(clusterFiles(plan)), 4);
  let pairs = 0;
  for (const { count, outcome } of check.pairs()) {
    expect(['reachable', 'handed-over']).toContain(outcome.reach);
    pairs += count;
  }
  expect(pairs).toBe(120 * 119);
  expect(check.walks()).toBeLessThan(20 * 30);
});
