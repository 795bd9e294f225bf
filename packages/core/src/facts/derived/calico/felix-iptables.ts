import { parseRange, rangeContains, type VersionRange } from '../../../versions/index.ts';
import {
  type Fact,
  type FactDefinition,
  from,
  known,
  knownUncertain,
  type Origin,
  unknown,
} from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import { versionOf } from '../components/versions.ts';
import { felixSetting } from './felix-setting.ts';
import { hostIptables } from './host-iptables.ts';
import { ruleHomes } from './rule-homes.ts';

/** Back end that Felix writes to; `nft-set`: because somebody told it so. */
export type FelixIptables = 'legacy' | 'nft' | 'nft-set';

/** Legacy unless told otherwise (3.12 brought a detection, but it was not the default). */
const LEGACY = range('<3.17.0');
/** Detects by itself, but takes legacy for 10 legacy rules or as soon as nft does not have more of them. */
const WEAK = range('>=3.17.0 <3.25.2');
/** The first release that knows `auto` at all. */
const AUTO_KNOWN = range('>=3.12.0');

/**
 * The back end Felix uses: an explicit setting, else where its chains are, else what it logged, else what its release chooses.
 * `iptables -V` inside its container is not asked: Felix does not call that command
 * (https://github.com/projectcalico/calico/issues/8857).
 */
export const felixIptables: FactDefinition<FelixIptables> = {
  id: 'calico.felix-iptables',
  title: 'iptables back end of Felix',
  level: 'node',
  compute(read) {
    const setting = read.fact(felixSetting, 'iptablesBackend');
    const told = setting.state === 'known' ? (setting.value ?? 'auto').toLowerCase() : undefined;
    const origin = from(felixSetting, 'iptablesBackend');
    if (setting.state === 'known' && setting.uncertain === undefined) {
      if (told === 'nft') return known('nft-set', origin);
      if (told === 'legacy') return known('legacy', origin);
    }
    const seen = chainsSeen(read) ?? logged(read);
    if (seen?.value === 'legacy') return known('legacy', ...seen.origins);
    if (setting.state === 'unknown') return setting;
    if (setting.uncertain !== undefined && told === 'nft')
      return knownUncertain('nft-set', setting.uncertain, origin);
    if (seen !== undefined) return known('nft', ...seen.origins, origin);
    return byRelease(read, setting.value === null ? undefined : told);
  },
};

interface Seen {
  readonly value: 'legacy' | 'nft';
  readonly origins: readonly Origin[];
}

function chainsSeen(read: Reader): Seen | undefined {
  const [home, other] = ruleHomes(read).filter(({ calico }) => calico !== undefined);
  if (home?.calico === undefined || other !== undefined) return undefined;
  return { value: home.backend, origins: [home.calico] };
}

const LOOKED_UP = /Looked up iptables command.*backendMode="(nft|legacy)"/;

function logged(read: Reader): Seen | undefined {
  const names = new Set(read.podsOnNode()?.items.map(({ object }) => object.metadata.name));
  for (const { pod, text, file } of read.logs()) {
    if (!names.has(pod) || !pod.startsWith('calico-node')) continue;
    const found = LOOKED_UP.exec(text);
    if (found === null) continue;
    const line = text.slice(0, found.index).split('\n').length;
    return { value: found[1] === 'nft' ? 'nft' : 'legacy', origins: [{ file, line }] };
  }
  return undefined;
}

function byRelease(read: Reader, told: string | undefined): Fact<FelixIptables> {
  const definition = versionOf('calico-node');
  if (definition === undefined) throw new Error('calico-node has no version fact');
  const release = read.fact(definition);
  if (release.state === 'unknown') return release;
  const inRange = (one: VersionRange) => rangeContains(one, release.value.version).answer !== 'out';
  const detects = told === 'auto' && inRange(AUTO_KNOWN);
  if (inRange(LEGACY) && !detects) return known('legacy', from(definition));
  if (inRange(WEAK) || inRange(LEGACY)) {
    return knownUncertain(
      'legacy',
      'the detection of this release takes legacy unless there are more nft rules, and the rules were not seen',
      from(definition),
    );
  }
  const host = read.fact(hostIptables);
  if (host.state === 'unknown') return unknown(...host.missing);
  return known(host.value, from(definition), from(hostIptables));
}

function range(text: string): VersionRange {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(`range ${text}: ${parsed.reason}`);
  return parsed.range;
}
