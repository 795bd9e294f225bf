import { parseRange, rangeContains } from '../../../versions/index.ts';
import { type FactDefinition, from, known, unknown } from '../../fact.ts';
import { versionOf } from '../components/versions.ts';
import { agentConfig } from './agent-config.ts';
import { agentSetting, namedGate } from './setting.ts';

const BEFORE_112 = parseRange('<1.12.0');

/** Whether the agent routes multicast: by its feature gate alone before 1.12, later by `multicast.enable` besides. */
export const multicast: FactDefinition<boolean> = {
  id: 'antrea.multicast',
  title: 'Antrea multicast',
  level: 'node',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  compute(read) {
    const config = read.fact(agentConfig);
    if (config.state === 'unknown') return config;
    const gate = namedGate(config.value.value, 'Multicast');
    if (gate === false) return known(false, from(agentConfig));
    const enabled = read.fact(agentSetting, 'multicast.enable');
    if (enabled.state === 'known' && enabled.value === 'true') return known(true, from(agentConfig));
    if (gate === undefined) return known(false, from(agentConfig));
    const definition = versionOf('antrea-agent');
    const version = definition === undefined ? undefined : read.fact(definition);
    if (version?.state !== 'known' || definition === undefined || !BEFORE_112.ok) {
      return unknown({ fact: 'image of antrea-agent', command: 'kubectl get daemonsets,pods -A -o json' });
    }
    const isEarly = rangeContains(BEFORE_112.range, version.value.version).answer === 'in';
    return known(isEarly, from(agentConfig), from(definition));
  },
};

/** Whether AntreaProxy serves the Services of pods: on since 0.11 unless the configuration turns it off. */
export const antreaProxy: FactDefinition<boolean> = {
  id: 'antrea.proxy',
  title: 'AntreaProxy',
  level: 'cluster',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  compute(read) {
    const config = read.fact(agentConfig);
    if (config.state === 'unknown') return config;
    const enable = read.fact(agentSetting, 'antreaProxy.enable');
    const off = namedGate(config.value.value, 'AntreaProxy') === false;
    return known(!off && !(enable.state === 'known' && enable.value === 'false'), from(agentConfig));
  },
};

/** How the agent encrypts traffic between nodes: `none`, `ipsec` or `wireguard`. */
export const encryption: FactDefinition<string> = {
  id: 'antrea.encryption',
  title: 'encryption between nodes',
  level: 'cluster',
  fromText: (text) => text.toLowerCase(),
  compute(read) {
    const mode = read.fact(agentSetting, 'trafficEncryptionMode');
    if (mode.state === 'known' && mode.value !== 'none')
      return known(mode.value, from(agentSetting, 'trafficEncryptionMode'));
    // The setting of releases before 1.3.
    const old = read.fact(agentSetting, 'enableIPSecTunnel');
    if (old.state === 'known' && old.value === 'true')
      return known('ipsec', from(agentSetting, 'enableIPSecTunnel'));
    return mode.state === 'unknown' ? mode : known('none', from(agentSetting, 'trafficEncryptionMode'));
  },
};
