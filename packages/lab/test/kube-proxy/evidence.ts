import type { ProxyOptions, ServiceSpec } from '../../src/kube-proxy/index.ts';
import { iptablesRules, ipvsRules, nftablesRules } from '../../src/kube-proxy/index.ts';
import { nodeFiles } from './node-files.ts';
import type { Mode } from './oracle.ts';

/** Evidence of the node with the rules of one mode, as the generator writes them. */
export function evidenceOf(
  mode: Mode,
  services: readonly ServiceSpec[],
  options: ProxyOptions,
): Readonly<Record<string, string>> {
  const tables = `nodes/n1/${options.family === 4 ? 'iptables' : 'ip6tables'}-save.txt`;
  if (mode === 'iptables') return { ...nodeFiles(), [tables]: iptablesRules(services, options) };
  if (mode === 'nftables')
    return { ...nodeFiles(), 'nodes/n1/nft-ruleset.txt': nftablesRules(services, options) };
  const { ipvsadm, ipset, iptables, addresses } = ipvsRules(services, options);
  return {
    ...nodeFiles(addresses),
    [tables]: iptables,
    'nodes/n1/ipset-save.txt': ipset,
    'nodes/n1/ipvsadm-save.txt': ipvsadm,
  };
}
