import { loadSnapshot, Network } from '@netvet/core';
import { afterAll, describe, expect, it } from 'vitest';
import { completeOptions, type LabOptions } from '../src/cluster/options.ts';
import { planCluster } from '../src/cluster/plan.ts';
import { FAULTS } from '../src/faults/index.ts';
import { breakLab, checkLab, collectLab, downLab, listLabs, upLab } from '../src/index.ts';
import { namespacesOf } from '../src/netns/namespaces.ts';
import { type Feature, missingFeatures } from '../src/netns/requirements.ts';
import { applyRemedy, causeOf } from './remedy.ts';

const FEATURES: readonly Feature[] = [
  'vxlan',
  'bridge-nf',
  'iptables-legacy',
  'iptables-nft',
  'nftables',
  'ipset',
];
/** Other runs of these tests on the same machine have labs of their own. */
const RUN = `t${process.pid.toString(36)}`;
const agentCommand = [process.execPath, new URL('agent.ts', import.meta.url).pathname];

const reason = await whyNot();

async function whyNot(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = await missingFeatures(`${RUN}x`, FEATURES);
  return missing.length === 0 ? undefined : `this kernel or machine lacks ${missing.join(', ')}`;
}

const why = reason === undefined ? '' : ` (${reason})`;

// A test that was stopped leaves its lab behind.
afterAll(async () => {
  for (const { name } of await listLabs()) if (name.startsWith(RUN)) await downLab(name);
});

const LABS = [
  { mode: 'vxlan', proxy: 'iptables-nft' },
  { mode: 'cross-subnet', proxy: 'nftables' },
  { mode: 'routed', proxy: 'iptables-legacy', ipv6: true },
  { mode: 'bridge', proxy: 'iptables-nft' },
] as const satisfies readonly Partial<LabOptions>[];

describe.skipIf(reason !== undefined)(`labs${why}`, () => {
  it.concurrent.each(LABS.map((options, index) => [options.mode, options, `${RUN}a${index}`] as const))(
    '%s: the walk agrees with the kernel on every flow, and nothing is left',
    { timeout: 180_000 },
    async (_, options, name) => {
      try {
        await upLab({ ...options, name, agentCommand });
        const judgements = await checkLab(name);
        expect(judgements.filter(({ verdict }) => verdict !== 'agree')).toEqual([]);
        const failing = judgements.filter(({ works, flow }) => !works && !flow.to.includes('/empty:'));
        expect(failing.map(({ flow }) => flow)).toEqual([]);
        const files = await collectLab(name);
        const chunks = Object.entries(files).map(([path, text]) => ({ path, chunks: [Buffer.from(text)] }));
        const network = new Network(await loadSnapshot(chunks));
        expect(network.nodes.get('n1')?.namespaces.has('default_client-n1')).toBe(true);
        expect(network.pod('default', 'client-n1')?.node).toBe('n1');
      } finally {
        await downLab(name);
      }
      expect(await namespacesOf(name)).toEqual([]);
      expect((await listLabs()).map((lab) => lab.name)).not.toContain(name);
    },
  );
});

const MODE = { mode: 'vxlan', proxy: 'iptables-nft' } as const;
const possible = FAULTS.filter(({ whyNot: not }) => not?.(completeOptions(MODE)) === undefined);

describe.skipIf(reason !== undefined)(`faults${why}`, () => {
  it('break only what works without them', { timeout: 180_000 }, async () => {
    const name = `${RUN}w`;
    const cluster = planCluster(completeOptions({ ...MODE, name }));
    await upLab({ ...MODE, name, agentCommand });
    const judgements = await checkLab(
      name,
      possible.flatMap((fault) => fault.breaks(cluster)),
    );
    expect(judgements.filter(({ works }) => !works)).toEqual([]);
    await downLab(name);
  });

  it.concurrent.each(possible.map((fault, index) => [fault.id, fault, `${RUN}f${index}`] as const))(
    '%s breaks what it says, is named by the diagnosis, and its remedy lets packets pass',
    { timeout: 300_000 },
    async (_, fault, name) => {
      await upLab({ ...MODE, name, agentCommand });
      const { breaks } = await breakLab(name, fault.id);
      const judgements = await checkLab(name, breaks);
      expect(judgements.filter(({ works }) => works)).toEqual([]);
      if (fault.isInEvidence) expect(judgements.filter(({ verdict }) => verdict === 'disagree')).toEqual([]);
      else expect(judgements.filter(({ verdict }) => verdict === 'agree')).toEqual([]);
      for (const flow of breaks) {
        const cause = await causeOf(await collectLab(name), flow, fault.id);
        expect(cause).toMatchObject({ effect: fault.isInEvidence ? 'blocks' : 'hazard' });
        await applyRemedy(name, fault, cause);
      }
      const after = await checkLab(name, breaks);
      expect(after.filter(({ works }) => !works)).toEqual([]);
      await downLab(name);
    },
  );
});
