import type { IptablesChain } from '../../../parsers/iptables-save/index.ts';
import { type Fact, type FactDefinition, from, known, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { versionOf } from '../components/versions.ts';
import { iptablesDumps } from '../iptables-dumps/index.ts';
import { isIn } from './release.ts';

/** Whether the mark that asks for masquerading stays on a packet after it was masqueraded. */
export type MasqueradeMark = 'kept' | 'cleared';

/** Releases of kube-proxy and kubelet that leave the mark on (kubernetes PR 92035). */
const KEEPING = '<1.16.13 || >=1.17.0 <1.17.9 || >=1.18.0 <1.18.6';

/**
 * What `KUBE-POSTROUTING` does with the mark: as the rules in the dumps say, else as the releases of kube-proxy and
 * kubelet do, which both write that chain.
 */
export const masqueradeMark: FactDefinition<MasqueradeMark> = {
  id: 'kube-proxy.masquerade-mark',
  title: 'mark of masqueraded packets',
  level: 'node',
  compute: (read) => inRules(read) ?? byReleases(read),
};

function inRules(read: Reader): Fact<MasqueradeMark> | undefined {
  const dumps = read.fact(iptablesDumps);
  const chains = (dumps.state === 'known' ? dumps.value : []).flatMap(({ save, file }) => {
    const chain = save.tables.get('nat')?.chains.get('KUBE-POSTROUTING');
    const mark = chain === undefined ? undefined : markOf(chain);
    return mark === undefined ? [] : [{ mark: mark.mark, origin: at(file, { line: mark.line }) }];
  });
  const decisive = chains.find(({ mark }) => mark === 'kept') ?? chains[0];
  return decisive === undefined ? undefined : known(decisive.mark, decisive.origin);
}

/** The old chain masquerades by one rule that looks at the mark; the new one returns, clears the mark, masquerades. */
function markOf({ rules }: IptablesChain): { mark: MasqueradeMark; line: number } | undefined {
  const old = rules.find(
    ({ target, text }) => target === 'MASQUERADE' && /(?<!! )--mark 0x[0-9a-f]+\//.test(text),
  );
  if (old !== undefined) return { mark: 'kept', line: old.line };
  const clearing = rules.find(({ target }) => target === 'MARK');
  return clearing === undefined ? undefined : { mark: 'cleared', line: clearing.line };
}

function byReleases(read: Reader): Fact<MasqueradeMark> {
  const definitions = [versionOf('kube-proxy'), versionOf('kubelet')].filter((one) => one !== undefined);
  const releases = definitions.map((definition) => ({ definition, fact: read.fact(definition) }));
  const answers = releases.map(({ fact }) =>
    fact.state === 'known' ? isIn(fact.value.version, KEEPING) : undefined,
  );
  const keeping = releases[answers.indexOf('in')];
  if (keeping !== undefined) return known('kept', from(keeping.definition));
  if (answers.every((answer) => answer === 'out'))
    return known('cleared', ...releases.map(({ definition }) => from(definition)));
  return unknown({
    fact: 'masquerade rules of kube-proxy and kubelet',
    command: 'iptables-save -t nat | grep -- "-A KUBE-POSTROUTING"',
    where: 'node',
  });
}
