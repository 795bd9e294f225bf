import { type FactDefinition, from, known, unknown } from '../../fact.ts';
import { agentConfig } from './agent-config.ts';

/**
 * What the agent takes where its configuration leaves a setting out or empty; the shipped file has most of them as
 * comments. Settings that a release does not know yet behave as their default.
 */
const DEFAULTS: Readonly<Record<string, string>> = {
  ovsBridge: 'br-int',
  ovsDatapathType: 'system',
  hostGateway: 'antrea-gw0',
  trafficEncapMode: 'encap',
  trafficEncryptionMode: 'none',
  tunnelType: 'geneve',
  tunnelCsum: 'false',
  noSNAT: 'false',
  snatFullyRandomPorts: 'false',
  enableBridgingMode: 'false',
  enableIPSecTunnel: 'false',
  disableTXChecksumOffload: 'false',
  defaultMTU: '0',
  'multicluster.enable': 'false',
  'multicluster.trafficEncryptionMode': 'none',
  'multicast.enable': 'false',
  'antreaProxy.enable': 'true',
  'antreaProxy.proxyAll': 'false',
  'memberlist.gossipVerifyOutgoing': 'true',
  'memberlist.gossipVerifyIncoming': 'true',
};

/**
 * A setting of `antrea-agent.conf` by its path, for example `trafficEncapMode` or `antreaProxy.proxyAll`, as text.
 * The default counts only where the file was read. Words are compared without case, as the agent does.
 */
export const agentSetting: FactDefinition<string> = {
  id: 'antrea.setting',
  title: 'Antrea agent setting',
  parameter: 'path in antrea-agent.conf',
  level: 'cluster',
  fromText: (text) => text,
  compute(read, path) {
    const config = read.fact(agentConfig);
    if (config.state === 'unknown') return unknown(...config.missing);
    const { value, origin } = config.value;
    const found = valueAt(value, path.split('.'));
    if (isScalar(found) && String(found) !== '') return known(textOf(path, found), origin);
    const fallback = DEFAULTS[path];
    return fallback === undefined
      ? unknown({ fact: `Antrea setting ${path}`, command: 'kubectl -n kube-system get configmaps -o json' })
      : known(fallback, from(agentConfig));
  },
};

/** Names keep their case; modes and types are written in any. */
function textOf(path: string, value: string | number | boolean): string {
  return path === 'hostGateway' || path === 'ovsBridge' ? String(value) : String(value).toLowerCase();
}

function valueAt(root: unknown, steps: readonly string[]): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A feature gate that the configuration names; undefined where it does not. */
export function namedGate(config: unknown, name: string): boolean | undefined {
  const value = valueAt(config, ['featureGates', name]);
  return typeof value === 'boolean' ? value : undefined;
}
