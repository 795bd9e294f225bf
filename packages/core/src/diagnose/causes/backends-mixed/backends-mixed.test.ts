import { describe, expect, it } from 'vitest';
import {
  addLines,
  change,
  diagnose,
  dropLine,
  type Files,
  lineOf,
  twoNodes,
} from '../../testing/two-nodes.ts';

const LEGACY = 'nodes/n2/iptables-legacy-save.txt';
const NFT = 'nodes/n2/iptables-nft-save.txt';
const healthy = twoNodes();

const filter = (policy: string, ...rules: readonly string[]) => [
  '*filter',
  ':INPUT ACCEPT [0:0]',
  `:FORWARD ${policy} [0:0]`,
  ':OUTPUT ACCEPT [0:0]',
  ':cali-FORWARD - [0:0]',
  ':cali-to-wl-dispatch - [0:0]',
  '-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD',
  ...rules,
  'COMMIT',
];

const withNft = (...rules: readonly string[]): Files => addLines(healthy, NFT, ...rules);

describe('backends-mixed', () => {
  it('names rules that were left behind in the other back end', async () => {
    const files = withNft(
      ...filter(
        'ACCEPT',
        '-A cali-FORWARD -o cali+ -j cali-to-wl-dispatch',
        '-A cali-to-wl-dispatch -m comment --comment "Unknown interface" -j DROP',
      ),
    );
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'backends-mixed',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n2' },
        evidence: [lineOf(files, NFT, 'Unknown interface'), { file: LEGACY }],
        remedies: [
          {
            command: 'iptables-nft-save | grep -v -e cali- -e cali: -e KUBE- | iptables-nft-restore',
            where: { node: 'n2' },
          },
          {},
        ],
      },
    ]);
    const cleared = { ...files, [NFT]: kept(files) };
    expect(await diagnose(cleared)).toMatchObject({ conclusion: 'reachable', causes: [] });
  });

  /** What the remedy leaves. */
  function kept(files: Files): string {
    return (files[NFT] ?? '')
      .split('\n')
      .filter((line) => !/cali-|cali:|KUBE-/.test(line))
      .join('\n');
  }

  it('opens a policy that would drop next', async () => {
    const files = withNft(
      ...filter('DROP', '-A cali-FORWARD -m comment --comment "Unknown interface" -j DROP'),
    );
    const { causes } = await diagnose(files);
    expect(causes[0]?.evidence[0]).toEqual(lineOf(files, NFT, 'Unknown interface'));
    expect(causes[0]?.remedies[0]?.command).toContain("sed 's/^:FORWARD DROP/:FORWARD ACCEPT/'");
    expect(causes[0]?.remedies[0]?.sideEffects).toBe('FORWARD accepts by default there.');
  });

  it('opens the policy that drops there', async () => {
    const files = withNft(...filter('DROP', '-A cali-FORWARD -m mark --mark 0x1 -j ACCEPT'));
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      { cause: 'backends-mixed', evidence: [lineOf(files, NFT, ':FORWARD DROP'), {}] },
    ]);
    expect(causes[0]?.remedies[0]?.command).toContain("sed 's/^:FORWARD DROP/:FORWARD ACCEPT/'");
  });

  it('names a policy that cannot see what Calico accepts in the other back end', async () => {
    const kube = change(healthy, LEGACY, /^.*cali.*\n/, '');
    const split = addLines(
      change(kube, LEGACY, ':FORWARD ACCEPT', ':FORWARD DROP'),
      NFT,
      ...filter('ACCEPT', '-A cali-FORWARD -m mark --mark 0x1 -j ACCEPT'),
    );
    const { causes } = await diagnose(split);
    expect(causes).toMatchObject([
      {
        cause: 'backends-mixed',
        remedies: [{ command: 'iptables-legacy -t filter -P FORWARD ACCEPT' }, { kind: 'set-field' }],
      },
    ]);
    expect(causes[0]?.remedies[1]?.text).toContain('to Legacy');
  });

  it('warns of rules in both that lose nothing', async () => {
    const files = withNft(...filter('ACCEPT', '-A cali-FORWARD -m mark --mark 0x1 -j ACCEPT'));
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('reachable');
    expect(causes.map(({ cause, effect, subject }) => [cause, effect, subject.name])).toEqual([
      ['backends-mixed', 'hazard', 'n2'],
    ]);
  });

  it('leaves a drop by the rules in use to other causes', async () => {
    const dropped = dropLine(healthy, LEGACY, '-A cali-to-wl-dispatch -o cali68caf03a5f4');
    const files = addLines(dropped, NFT, ...filter('ACCEPT', '-A cali-FORWARD -m mark --mark 0x1 -j ACCEPT'));
    const { causes } = await diagnose(files);
    expect(causes.find(({ effect }) => effect === 'blocks')?.cause).not.toBe('backends-mixed');
  });
});
