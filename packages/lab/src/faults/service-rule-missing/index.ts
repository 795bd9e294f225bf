import type { Cluster } from '../../cluster/plan.ts';
import { proxyOptions, serviceSpecs } from '../../firewall/proxy.ts';
import { iptablesTool, restore } from '../../firewall/restore.ts';
import { iptablesRules } from '../../kube-proxy/index.ts';
import { type Command, inside } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { nearNode, needsServices, POD_TO_SERVICE } from '../places.ts';

export const serviceRuleMissing: Fault = {
  id: 'service-rule-missing',
  title: 'a node has no rule for the Service web',
  isInEvidence: true,
  whyNot: (options) =>
    options.proxy === 'ipvs'
      ? 'IPVS has no rules for Services; use ipvs-server-missing'
      : needsServices(options),
  apply: (cluster) => [cluster.options.proxy === 'nftables' ? deleteElement(cluster) : deleteRule(cluster)],
  breaks: () => [POD_TO_SERVICE],
};

function addressOfWeb({ services }: Cluster): string {
  return services.find(({ name }) => name === 'web')?.address ?? '';
}

function deleteElement(cluster: Cluster): Command {
  const element = `{ ${addressOfWeb(cluster)} . tcp . 80 }`;
  return inside(nearNode(cluster).netns, ['nft', `delete element ip kube-proxy service-ips ${element}`]);
}

/** The rule is the one that kube-proxy made, so that its chain's name need not be known. */
function deleteRule(cluster: Cluster): Command {
  const node = nearNode(cluster);
  const lines = iptablesRules(serviceSpecs(cluster), proxyOptions(node, 4)).split('\n');
  const start = lines.indexOf('*nat');
  const address = `-d ${addressOfWeb(cluster)}`;
  const rules = lines.filter(
    (line, index) =>
      index > start &&
      line.startsWith('-A KUBE-SERVICES ') &&
      line.includes(address) &&
      line.includes('-p tcp'),
  );
  const deletions = rules.map((rule) => `${rule.replace('-A', '-D')}\n`).join('');
  return restore(node.netns, iptablesTool(cluster.options.proxy, 4), `*nat\n${deletions}COMMIT\n`);
}
