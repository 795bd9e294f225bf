import { iptablesPathProbe, iptablesVersionProbe } from '../../../probes/firewall.ts';
import { distributionDefaults } from '../../../versions/index.ts';
import { type Fact, type FactDefinition, from, known, knownUncertain, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import type { Backend } from '../iptables-dumps/index.ts';
import { operatingSystem } from '../operating-system/index.ts';
import { ruleHomes } from './rule-homes.ts';

/** The back end of the host's iptables: what kubelet uses, else what the command on the host is. */
export const hostIptables: FactDefinition<Backend> = {
  id: 'calico.host-iptables',
  title: "back end of the host's iptables",
  level: 'node',
  fromText: (text) => (text === 'nft' || text === 'legacy' ? text : undefined),
  compute: (read) => ofKubelet(read) ?? ofCommand(read) ?? ofDistribution(read),
};

/** kubelet leaves a chain in the mangle table as a hint; the nft one counts first, as it does for Felix. */
function ofKubelet(read: Reader): Fact<Backend> | undefined {
  const homes = ruleHomes(read);
  const home =
    homes.find(({ backend, kubeletHint }) => backend === 'nft' && kubeletHint !== undefined) ??
    homes.find(({ kubeletHint }) => kubeletHint !== undefined);
  return home?.kubeletHint === undefined ? undefined : known(home.backend, home.kubeletHint);
}

function ofCommand(read: Reader): Fact<Backend> | undefined {
  const version = read.probe(iptablesVersionProbe);
  if (version.state === 'read' && version.value?.backend !== undefined) {
    return known(version.value.backend, at(version.file, version.value));
  }
  const path = read.probe(iptablesPathProbe);
  const link = path.state === 'read' ? path.value.find(({ backend }) => backend !== undefined) : undefined;
  if (path.state === 'missing' || link?.backend === undefined) return undefined;
  return known(link.backend, at(path.file, link));
}

function ofDistribution(read: Reader): Fact<Backend> {
  const os = read.fact(operatingSystem);
  const usual = os.state === 'known' ? distributionDefaults(os.value)?.iptables : undefined;
  if (usual === undefined) {
    return unknown({ fact: 'iptables version of the host', command: 'iptables -V', where: 'node' });
  }
  if (usual.backend === 'before-split') return known('legacy', from(operatingSystem));
  return knownUncertain(
    usual.backend,
    'the iptables command of the host was not looked at; this is what the distribution ships',
    from(operatingSystem),
  );
}
