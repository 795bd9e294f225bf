import { kubeletConfigProbe, kubeletFlagsProbe } from '../../../probes/configuration.ts';
import { unitsProbe } from '../../../probes/system.ts';
import { type Fact, type FactDefinition, from, known, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';

const DEFAULT = '/etc/resolv.conf';

/** The file that the kubelet gives to pods with `dnsPolicy: Default`: its flag, its configuration, or the default. */
export const kubeletResolvConf: FactDefinition<string> = {
  id: 'host.kubelet-resolv-conf',
  title: 'resolv.conf that the kubelet hands to pods',
  level: 'node',
  fromText: (text) => text,
  compute(read) {
    const flags = read.probe(kubeletFlagsProbe);
    const flag = flags.state === 'read' ? flags.value.get('resolv-conf') : undefined;
    if (flags.state === 'read' && flag?.value !== undefined) return known(flag.value, at(flags.file, flag));
    const config = read.probe(kubeletConfigProbe);
    if (config.state === 'missing' || config.value === undefined || !config.complete) {
      return unknown({
        fact: 'resolvConf of the kubelet',
        command: 'kubectl get --raw /api/v1/nodes/<node>/proxy/configz',
        where: 'node',
      });
    }
    const { resolvConf } = config.value.settings;
    const line = config.value.lineOf(['resolvConf']);
    const place = at(config.file, line === undefined ? {} : { line });
    return known(typeof resolvConf === 'string' && resolvConf !== '' ? resolvConf : DEFAULT, place);
  },
};

/** Whether pods with `dnsPolicy: Default` get the address of systemd-resolved on the host's loopback as their name server. */
export const stubForPods: FactDefinition<boolean> = {
  id: 'host.resolved-stub-for-pods',
  title: 'pods get the stub of systemd-resolved as their name server',
  level: 'node',
  compute(read) {
    const resolved = resolvedActive(read);
    if (resolved.state === 'known' && !resolved.value) return resolved;
    const path = read.fact(kubeletResolvConf);
    if (path.state === 'unknown') return path;
    if (path.value !== DEFAULT && !path.value.endsWith('stub-resolv.conf'))
      return known(false, from(kubeletResolvConf));
    return resolved.state === 'unknown'
      ? resolved
      : known(true, ...resolved.origins, from(kubeletResolvConf));
  },
};

function resolvedActive(read: Reader): Fact<boolean> {
  const units = read.probe(unitsProbe);
  const unit = units.state === 'read' ? units.value.get('systemd-resolved.service') : undefined;
  if (units.state === 'read' && unit !== undefined) {
    return known(unit.active === 'active', at(units.file, unit));
  }
  return unknown({
    fact: 'systemd-resolved runs',
    command: 'systemctl is-active systemd-resolved',
    where: 'node',
  });
}
