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

/** Policy DROP, and no rule in the chain that speaks of pods; an accept for docker's own bridge does not. */
function dropIn(dump: IptablesDump): { text: string; origin: Origin } | undefined {
  const chain = dump.save.tables.get('filter')?.chains.get('FORWARD');
  if (chain?.policy !== 'DROP' || !isWhole(dump)) return undefined;
  const accepts = chain.rules.some(
    ({ target, text }) =>
      target !== undefined &&
      (CNI_CHAIN.test(target) || (target === 'ACCEPT' && !/docker|br-[0-9a-f]{12}|--ctstate/.test(text))),
  );
  if (accepts) return undefined;
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
