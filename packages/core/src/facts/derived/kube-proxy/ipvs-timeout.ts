import { ipvsTimeoutProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, known, knownUncertain, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';
import { proxySetting } from './setting.ts';

/** Kernel default of the timeout for established TCP connections. */
const DEFAULT_SECONDS = 900;

/** Seconds after which IPVS forgets an idle TCP connection: as ipvsadm shows, else as kube-proxy was told to set. */
export const ipvsTcpTimeout: FactDefinition<number> = {
  id: 'kube-proxy.ipvs-tcp-timeout',
  title: 'IPVS timeout of idle TCP connections in seconds',
  level: 'node',
  fromText: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
  compute(read) {
    const probe = read.probe(ipvsTimeoutProbe);
    if (probe.state === 'read' && probe.value !== undefined)
      return known(probe.value.tcp, at(probe.file, probe.value));
    const setting = proxySetting(read, 'ipvs.tcpTimeout');
    const seconds = setting.state === 'set' ? secondsOf(String(setting.value)) : undefined;
    if (setting.state === 'set' && seconds !== undefined && seconds > 0)
      return known(seconds, setting.origin);
    if (setting.state === 'not-set' || seconds === 0) {
      const doubt = 'kube-proxy leaves the timeout alone; 900 s is the default of the kernel';
      return knownUncertain(DEFAULT_SECONDS, doubt, ...(setting.state === 'unknown' ? [] : [setting.origin]));
    }
    return unknown({ fact: 'IPVS timeouts', command: 'ipvsadm --list --timeout', where: 'node' });
  },
};

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** `1h30m0s` as Go writes durations. */
function secondsOf(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g))
    seconds += Number(count) * (UNITS[unit] ?? 0);
  return seconds;
}
