import { proxyModeProbe } from '../../../probes/configuration.ts';
import {
  type Fact,
  type FactDefinition,
  from,
  type KnownFact,
  known,
  knownUncertain,
  unknown,
} from '../../fact.ts';
import { at, inObject, type Reader } from '../../reader.ts';
import { versionOf } from '../components/versions.ts';
import { type ModeTrace, modeTraces } from './mode-traces.ts';
import { proxySetting } from './setting.ts';

/**
 * Effective mode of kube-proxy: what the running kube-proxy answers on `/proxyMode`, else what it was told to do as far
 * as the node's rules do not show another mode. No mode means iptables on Linux.
 *
 * Rules outrank the setting because kube-proxy before 1.26 falls back from ipvs to iptables without a word when
 * modules are missing, and because a changed setting needs a restart.
 */
export const proxyMode: FactDefinition<string> = {
  id: 'kube-proxy.mode',
  title: 'kube-proxy mode',
  level: 'node',
  fromText: (text) => (text === '' ? undefined : text),
  compute(read) {
    const probe = read.probe(proxyModeProbe);
    if (probe.state === 'read' && probe.value !== undefined)
      return known(probe.value.mode, at(probe.file, probe.value));
    const windows = windowsNode(read);
    if (windows !== undefined) return windows;
    const configured = configuredMode(read);
    const traces = modeTraces(read);
    return configured.state === 'known' ? compared(read, configured, traces) : traced(traces);
  },
};

/** Whether kube-proxy is known to run in another mode, so that rules of this one are left over and do nothing. */
export function runsOtherMode(read: Reader, mode: string): boolean {
  const fact = read.fact(proxyMode);
  return fact.state === 'known' && fact.uncertain === undefined && fact.value !== mode;
}

function windowsNode(read: Reader): Fact<string> | undefined {
  const node = read.nodeObject();
  const info = (node?.object.status as { nodeInfo?: { operatingSystem?: unknown } } | undefined)?.nodeInfo;
  if (node === undefined || info?.operatingSystem !== 'windows') return undefined;
  return known('kernelspace', inObject(node, '/status/nodeInfo/operatingSystem'));
}

function configuredMode(read: Reader): Fact<string> {
  const setting = proxySetting(read, 'mode');
  if (setting.state === 'unknown') return unknown(...setting.missing);
  if (setting.state === 'not-set' || setting.value === '') return known('iptables', setting.origin);
  return typeof setting.value === 'string'
    ? known(setting.value.toLowerCase(), setting.origin)
    : unknown(MISSING);
}

/** Only one mode's rules on the node say which it is; with several, some are left over. */
function traced(traces: readonly ModeTrace[]): Fact<string> {
  const [only, ...more] = traces.filter(({ state }) => state === 'seen');
  return only === undefined || more.length > 0 ? unknown(MISSING) : known(only.mode, ...only.origins);
}

function compared(read: Reader, configured: KnownFact<string>, traces: readonly ModeTrace[]): Fact<string> {
  const own = traces.find(({ mode }) => mode === configured.value);
  const [other, ...more] = traces.filter(({ mode, state }) => state === 'seen' && mode !== configured.value);
  if (own?.state === 'seen') return known(configured.value, ...configured.origins, ...own.origins);
  if (other === undefined || own === undefined) return asConfigured(read, configured);
  if (more.length > 0) return unknown(MISSING);
  const origins = [...other.origins, ...own.origins, ...configured.origins];
  if (own.state === 'absent') return known(other.mode, ...origins);
  const doubt = `it is configured as ${configured.value}, and only rules of ${other.mode} were looked for and found`;
  return knownUncertain(other.mode, doubt, ...origins);
}

function asConfigured(read: Reader, configured: KnownFact<string>): Fact<string> {
  const definition = versionOf('kube-proxy');
  const version = definition === undefined ? undefined : read.fact(definition);
  if (configured.value !== 'ipvs' || definition === undefined || version?.state !== 'known')
    return configured;
  const { major, minor } = version.value.version;
  if (major > 1 || minor >= 26) return configured;
  const doubt = 'kube-proxy before 1.26 uses iptables instead where modules of IPVS are missing';
  return knownUncertain('ipvs', doubt, ...configured.origins, from(definition));
}

const MISSING = {
  fact: 'kube-proxy mode',
  command: 'curl -s http://127.0.0.1:10249/proxyMode',
  where: 'node',
};
