import { Addresses } from './addresses.ts';
import { randomIpsets } from './ipsets.ts';
import { randomIptables } from './iptables.ts';
import { randomNftables } from './nftables.ts';
import type { LabPlan, Part, Tool } from './plan.ts';
import { randomQuestions } from './questions.ts';
import { Random } from './random.ts';
import { randomRouting } from './routing.ts';
import { type Scene, sceneOf } from './scene.ts';
import { randomPlaces } from './topology.ts';

/** The lab of a seed: always the same. */
export function randomLab(seed: number, packets: number): LabPlan {
  const random = new Random(seed);
  const family = random.chance(0.6) ? 4 : 6;
  const addresses = new Addresses(family);
  const { places, hasSwitch } = randomPlaces(random, addresses);
  const parts = places.flatMap(({ name, node }) => {
    const isNode = name === node;
    const scene = sceneOf(random, addresses, places, name);
    if (!isNode) return random.chance(0.05) ? randomRules(scene) : [];
    if (name === 'n1') return [...randomRules(scene), ...randomRouting(scene)];
    return random.chance(0.3) ? [...randomRules(scene), ...randomRouting(scene)] : [];
  });
  return {
    seed,
    family,
    hasSwitch,
    places,
    parts,
    questions: randomQuestions(random, addresses, places, packets),
  };
}

/** Rules of one back end, or of two at once. */
function randomRules(scene: Scene): readonly Part[] {
  const { random, addresses } = scene;
  const name = addresses.family === 4 ? 'iptables' : 'ip6tables';
  const legacy: Tool = `${name}-legacy`;
  const nft: Tool = `${name}-nft`;
  const kinds = random.pick([
    [legacy],
    [legacy],
    [nft],
    [nft],
    ['native'],
    ['native'],
    [legacy, 'native'],
    [legacy, nft],
  ] as const);
  return [
    ...randomIpsets(scene),
    ...kinds.flatMap((kind) => (kind === 'native' ? randomNftables(scene) : randomIptables(scene, kind))),
  ];
}
