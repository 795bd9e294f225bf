import type { IptablesTable } from '../../../parsers/iptables-save/index.ts';
import { isBefore18 } from '../../../parsers/iptables-version/index.ts';
import { iptablesVersionProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';
import { sysctl } from '../sysctl/index.ts';
import { isWhole } from './whole-dump.ts';

/** Chains into which CNI plugins send forwarded traffic of pods. */
const CNI_CHAIN =
  /^(cali-|FLANNEL-|CILIUM_|ANTREA-|CNI-|KUBE-ROUTER|KUBE-POD-FW|KUBE-NWPLCY|WEAVE|AWS-|ufw-)/;

/** Why the node does not forward traffic of pods, each as a sentence. */
export const forwardingBlocked: FactDefinition<readonly string[]> = {
  id: 'host.forwarding-blocked',
  title: 'what keeps the node from forwarding',
  level: 'node',
  format: (causes) => causes.join('; ') || 'nothing',
  compute(read) {
    const ipForward = read.fact(sysctl, 'net.ipv4.ip_forward');
    const dumps = read.fact(iptablesDumps);
    const filters = (dumps.state === 'known' ? dumps.value : []).filter(({ family }) => family === 4);
    const drops = filters.flatMap((dump) => dropIn(dump) ?? []);
    if (ipForward.state === 'known' && ipForward.value === '0')
      return known(
        ['net.ipv4.ip_forward is 0', ...drops.map(({ text }) => text)],
        from(sysctl, 'net.ipv4.ip_forward'),
      );
    if (drops.length > 0)
      return known(
        drops.map(({ text }) => text),
        ...drops.map(({ origin }) => origin),
      );
    if (ipForward.state === 'known' && isSettled(read, filters))
      return known([], from(sysctl, 'net.ipv4.ip_forward'), ...filters.map(({ file }) => at(file, {})));
    return unknown(
      { fact: 'policy of the chain FORWARD', command: 'iptables-save -t filter', where: 'node' },
      ...(ipForward.state === 'unknown' ? ipForward.missing : []),
    );
  },
};

/** Bridges of programs that forward for their own guests only. */
const OWN_BRIDGE = /docker|br-[0-9a-f]{12}|virbr|lxdbr|podman/;
/** Chains that only accept marked packets and replies (kube-proxy) or packets of containers of docker. */
const NOT_FOR_PODS = /^(KUBE-(?!ROUTER|POD-FW|NWPLCY)|DOCKER(?!-USER$)|LIBVIRT_)/;

/** Whether a chain, or one that it leads to, accepts new connections that may be those of pods. */
function acceptsPods(chains: IptablesTable['chains'], name: string, seen = new Set<string>()): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return (chains.get(name)?.rules ?? []).some(({ target, text }) => {
    if (target === undefined || NOT_FOR_PODS.test(target)) return false;
    if (target === 'ACCEPT') return !OWN_BRIDGE.test(text) && !/--ctstate (?!\S*NEW)/.test(text);
    return CNI_CHAIN.test(target) || acceptsPods(chains, target, seen);
  });
}

/** Policy DROP, and no rule in the chain that speaks of pods; an accept for docker's own bridge does not. */
function dropIn(dump: IptablesDump): { text: string; origin: Origin } | undefined {
  const chain = dump.save.tables.get('filter')?.chains.get('FORWARD');
  if (chain?.policy !== 'DROP' || !isWhole(dump)) return undefined;
  if (acceptsPods(dump.save.tables.get('filter')?.chains ?? new Map(), 'FORWARD')) return undefined;
  return {
    text: 'the chain FORWARD drops by policy and accepts no pods',
    origin: at(dump.file, { line: chain.line }),
  };
}

/** The rules of both back ends were read, or no other can exist. */
function isSettled(read: Reader, dumps: readonly IptablesDump[]): boolean {
  const whole = new Set(dumps.filter(isWhole).map(({ backend }) => backend));
  if (whole.has('legacy') && whole.has('nft')) return true;
  const version = read.probe(iptablesVersionProbe);
  const text = version.state === 'read' ? version.value?.version : undefined;
  return whole.size > 0 && text !== undefined && isBefore18(text);
}
