import { ipsetSaveProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, onThisNode, type Reader } from '../../reader.ts';
import { type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';
import { runsOtherMode } from './mode.ts';
import { loadBalancerIngress, serviceSpec } from './service-index.ts';
import { isWhole } from './whole-dump.ts';

/** External IPs of the Service that are not at the same time addresses of its load balancer. */
export const plainExternalIPs: FactDefinition<readonly string[]> = {
  id: 'service.external-ips-only',
  title: 'external IPs that are no load balancer addresses',
  level: 'object',
  format: (addresses) => addresses.join(', ') || 'none',
  compute(read) {
    const stored = read.object();
    if (stored === undefined)
      return unknown({ fact: 'the Service', command: 'kubectl get services -A -o json' });
    const { externalIPs } = serviceSpec(stored);
    const ingress = new Set(loadBalancerIngress(stored).map(({ ip }) => ip));
    const all = Array.isArray(externalIPs) ? externalIPs : [];
    return known(
      all.filter((address) => !ingress.has(address)),
      inObject(stored, '/spec/externalIPs'),
    );
  },
};

/** Nodes whose rules reject an external IP of the Service that has the traffic policy Local. */
export const rejectedExternalIPs: FactDefinition<readonly string[]> = {
  id: 'service.external-ips-rejected-by',
  title: 'nodes that reject the external IPs of the Service',
  level: 'object',
  format: (nodes) => nodes.join(', ') || 'none',
  compute(read) {
    const addresses = read.fact(plainExternalIPs);
    if (addresses.state === 'unknown') return addresses;
    const answers = read.nodes().map((node) => ({ node, answer: rejects(node, addresses.value) }));
    const rejecting = answers.filter(({ answer }) => answer.state === 'rejects');
    if (rejecting.length > 0) {
      return known(
        rejecting.map(({ node }) => node.nodeName() ?? 'node'),
        ...rejecting.flatMap(({ answer }) => answer.origins).slice(0, 6),
      );
    }
    if (answers.every(({ answer }) => answer.state === 'passes')) {
      return known([], ...answers.flatMap(({ answer }) => answer.origins).slice(0, 6));
    }
    return unknown({
      fact: 'chain KUBE-IPVS-FILTER and IP sets of the nodes',
      command: 'iptables-save -t filter | grep KUBE-IPVS-FILTER; ipset save KUBE-IPVS-IPS',
      where: 'each node',
    });
  },
};

/**
 * External IPs of the Service that rules in front of the filter chain let in on every node that was looked at: a
 * work-around that an administrator made by hand, so none where no such rule was seen.
 */
export const acceptedExternalIPs: FactDefinition<readonly string[]> = {
  id: 'service.external-ips-accepted',
  title: 'external IPs of the Service that are accepted in front of KUBE-IPVS-FILTER',
  level: 'object',
  format: (addresses) => addresses.join(', ') || 'none',
  compute(read) {
    const addresses = read.fact(plainExternalIPs);
    if (addresses.state === 'unknown') return addresses;
    const nodes = read.nodes().filter((node) => !runsOtherMode(node, 'ipvs'));
    const accepts = nodes.map((node) => addresses.value.flatMap((address) => acceptOn(node, address) ?? []));
    const isEverywhere =
      addresses.value.length > 0 && accepts.every((found) => found.length === addresses.value.length);
    return nodes.length > 0 && isEverywhere
      ? known(addresses.value, ...accepts.flat().slice(0, 6))
      : known([]);
  },
};

/** The rule that accepts an address before `KUBE-IPVS-FILTER` sees it, whatever the port. */
function acceptOn(node: Reader, address: string): Origin | undefined {
  const dumps = node.fact(iptablesDumps);
  for (const { save, file } of dumps.state === 'known' ? dumps.value : []) {
    for (const rule of save.tables.get('filter')?.chains.get('INPUT')?.rules ?? []) {
      if (rule.target === 'KUBE-IPVS-FILTER') break;
      const plain = rule.text.replace(/ ?-m comment --comment ("[^"]*"|\S+)/, '').trim();
      const matched = /^-d (\S+?)(?:\/(?:32|128))? -j ACCEPT$/.exec(plain)?.[1];
      if (matched === address) return onThisNode(node, at(file, rule));
    }
  }
  return undefined;
}

interface NodeAnswer {
  readonly state: 'rejects' | 'passes' | 'unknown';
  readonly origins: readonly Origin[];
}

function rejects(node: Reader, addresses: readonly string[]): NodeAnswer {
  if (runsOtherMode(node, 'ipvs')) return { state: 'passes', origins: [] };
  const dumps = node.fact(iptablesDumps);
  const all = dumps.state === 'known' ? dumps.value : [];
  const reads = ([4, 6] as const).flatMap((family) => {
    const own = addresses.filter(
      (address) => address.includes(':') === (family === 6) && acceptOn(node, address) === undefined,
    );
    const ofFamily = all.filter((dump) => dump.family === family);
    return own.length === 0 ? [] : [inFamily(node, ofFamily, family, own)];
  });
  const rejecting = reads.find(({ state }) => state === 'rejects');
  if (rejecting !== undefined) return rejecting;
  const state = reads.every((one) => one.state === 'passes') ? 'passes' : 'unknown';
  return { state, origins: reads.flatMap(({ origins }) => origins) };
}

/** Chain since kube-proxy 1.26 (kubernetes PR 108460); the fix adds the RETURN rule (PR 121919). */
function inFamily(
  node: Reader,
  dumps: readonly IptablesDump[],
  family: 4 | 6,
  addresses: readonly string[],
): NodeAnswer {
  const prefix = family === 6 ? 'KUBE-6-' : 'KUBE-';
  for (const dump of dumps) {
    const rules = dump.save.tables.get('filter')?.chains.get('KUBE-IPVS-FILTER')?.rules ?? [];
    const reject = rules.find(
      ({ text, target }) => target === 'REJECT' && text.includes(`--match-set ${prefix}IPVS-IPS `),
    );
    if (reject === undefined) continue;
    const origins = [onThisNode(node, at(dump.file, reject))];
    const allow = rules.find(
      ({ text, target }) => target === 'RETURN' && text.includes(`--match-set ${prefix}EXTERNAL-IP-LOCAL `),
    );
    if (allow !== undefined) return { state: 'passes', origins: [onThisNode(node, at(dump.file, allow))] };
    return held(node, `${prefix}IPVS-IPS`, addresses, origins, isWhole(dump));
  }
  const complete = dumps.some(
    (dump) => isWhole(dump) && dump.save.tables.get('filter')?.chains.has('KUBE-FORWARD'),
  );
  return {
    state: complete ? 'passes' : 'unknown',
    origins: dumps.map(({ file }) => onThisNode(node, at(file, {}))),
  };
}

/** Only addresses in the set are rejected; a set that was not collected does not speak against it. */
function held(
  node: Reader,
  set: string,
  addresses: readonly string[],
  rule: readonly Origin[],
  complete: boolean,
): NodeAnswer {
  if (!complete) return { state: 'unknown', origins: rule };
  const sets = node.probe(ipsetSaveProbe);
  if (sets.state === 'missing') return { state: 'rejects', origins: rule };
  const entry = sets.value.get(set)?.entries.find(({ element }) => addresses.includes(element));
  if (entry !== undefined)
    return { state: 'rejects', origins: [...rule, onThisNode(node, at(sets.file, entry))] };
  return { state: sets.complete ? 'passes' : 'unknown', origins: rule };
}
