import { describe, expect, it } from 'vitest';
import { ask, dispositions, type Files, NODE } from '../../../test/datapath/one-node.ts';

const question = { from: 'node/n1', to: '192.0.2.9:80' };

const legacy = (...rules: readonly string[]): string =>
  ['*mangle', ':OUTPUT ACCEPT [0:0]', ...rules.map((rule) => `-A OUTPUT ${rule}`), 'COMMIT', ''].join('\n');

const native = (type: string, ...rules: readonly string[]): string =>
  `table ip own {\n\tchain out {\n\t\ttype ${type} hook output priority mangle; policy accept;\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n}\n`;

function withRules(ofLegacy: string, ofNative: string): Files {
  return {
    ...NODE,
    'nodes/n1/iptables-legacy-save.txt': ofLegacy,
    'nodes/n1/iptables-nft-save.txt': '',
    'nodes/n1/nft-ruleset.txt': ofNative,
  };
}

const aboutOrder = expect.stringContaining('have the same priority, and which comes first is not known');

describe('chains of one priority that two back ends registered', () => {
  it('are tried both ways where one asks for what the other one sets', async () => {
    const files = withRules(legacy('-j MARK --set-xmark 0x8/0x8'), native('filter', 'meta mark 0x8 drop'));
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toMatchObject([{ text: aboutOrder, couldChangeAnswer: true }]);
  });

  it('are not told where both leave the packet alone', async () => {
    const files = withRules(
      legacy('-p udp -j MARK --set-xmark 0x8/0x8'),
      native('filter', 'meta mark 0x8 drop'),
    );
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['left-network']);
    expect(answer.notModelled).toEqual([]);
  });

  it('are not told where each does the same in either order', async () => {
    const files = withRules(legacy('-j MARK --set-xmark 0x8/0x8'), native('filter', 'ct mark set 0x4'));
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['left-network']);
    expect(answer.notModelled).toEqual([]);
  });

  it('are not told where one of them drops the packet in either order', async () => {
    const files = withRules(legacy('-j DROP'), native('filter', 'meta mark set 0x8'));
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['dropped']);
    expect(answer.notModelled).toEqual([]);
  });

  it('show the steps of one order', async () => {
    const ofLegacy = legacy('-j MINE').replace('COMMIT', '-A MINE -j MARK --set-xmark 0x8/0x8\nCOMMIT');
    const files = withRules(ofLegacy.replace('\n', '\n:MINE - [0:0]\n'), native('filter', 'ct mark set 0x4'));
    const { paths } = await ask(files, question);
    expect(paths[0]?.steps.filter(({ action }) => action === 'jump MINE')).toHaveLength(1);
  });

  it('send the packet another way by a mark of a chain that makes the route be looked up, in either order', async () => {
    const files = withRules(legacy('-j MARK --set-xmark 0x1/0x1'), native('filter', 'ct mark set 0x4'));
    const answer = await ask(files, { from: 'node/n1', to: '10.6.0.1:80' });
    expect(answer.paths[0]?.steps.some(({ detail }) => detail?.includes('10.6.0.0/16'))).toBe(true);
    expect(answer.notModelled.filter(({ couldChangeAnswer }) => couldChangeAnswer)).toEqual([]);
  });
});

it('a rule set shows the order of tables of iptables and of others', async () => {
  const drops = native('filter', 'meta mark 0x8 drop');
  const marks =
    'table ip mangle {\n\tchain OUTPUT {\n\t\ttype route hook output priority mangle; policy accept;\n\t\tmeta mark set 0x8\n\t}\n}\n';
  const saved = legacy('-j MARK --set-xmark 0x8/0xffffffff');
  const withTables = (ruleset: string) =>
    ask({ ...withRules('', ruleset), 'nodes/n1/iptables-nft-save.txt': saved }, question);
  // The one registered last runs first.
  expect(dispositions(await withTables(drops + marks))).toEqual(['dropped']);
  expect(dispositions(await withTables(marks + drops))).toEqual(['left-network']);
});
