import { parseRange, rangeContains, type VersionRange } from '../../../versions/index.ts';
import { type FactDefinition, from, known } from '../../fact.ts';
import { versionOf } from '../components/versions.ts';
import { proxyMode } from '../kube-proxy/mode.ts';
import { felixSetting } from './felix-setting.ts';

/** 3.29.0 brought the mode; from 3.32.0 on it follows kube-proxy unless told otherwise. */
const KNOWN = range('>=3.29.0');
const FOLLOWS = range('>=3.32.0');

/** Whether Felix writes native nftables rules: `nftablesMode`, else the default of its release. */
export const nftablesMode: FactDefinition<'enabled' | 'disabled'> = {
  id: 'calico.nftables-mode',
  title: 'nftables data plane of Calico',
  level: 'node',
  compute(read) {
    const definition = versionOf('calico-node');
    if (definition === undefined) throw new Error('calico-node has no version fact');
    const release = read.fact(definition);
    if (release.state === 'unknown') return release;
    const { version } = release.value;
    if (rangeContains(KNOWN, version).answer === 'out') return known('disabled', from(definition));
    const setting = read.fact(felixSetting, 'nftablesMode');
    if (setting.state === 'unknown') return setting;
    const origins = [from(felixSetting, 'nftablesMode'), from(definition)];
    const follows = rangeContains(FOLLOWS, version).answer === 'in';
    const told = setting.value?.toLowerCase() ?? (follows ? 'auto' : 'disabled');
    if (told !== 'auto') return known(told === 'enabled' ? 'enabled' : 'disabled', ...origins);
    const mode = read.fact(proxyMode);
    if (mode.state === 'unknown') return mode;
    return known(mode.value === 'nftables' ? 'enabled' : 'disabled', ...origins, from(proxyMode));
  },
};

function range(text: string): VersionRange {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(`range ${text}: ${parsed.reason}`);
  return parsed.range;
}
