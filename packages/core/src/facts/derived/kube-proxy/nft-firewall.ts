import type { NftChain, NftTable } from '../../../parsers/nft/index.ts';
import { nftRulesetProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, from, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { at, inObject, onThisNode, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { runsOtherMode } from './mode.ts';
import { loadBalancerIngress, serviceSpec } from './service-index.ts';

/** NAT of destinations happens at -100 (dstnat): only a chain before that still sees the load balancer's address. */
const DSTNAT = -100;

/**
 * Nodes whose nftables rules check the source ranges of a load balancer only after its address was replaced, so that
 * the check never matches (kubernetes PR 122614).
 */
export const unenforcedSourceRanges: FactDefinition<readonly string[]> = {
  id: 'service.source-ranges-not-enforced-on',
  title: 'nodes that check source ranges too late',
  level: 'object',
  format: (nodes) => nodes.join(', ') || 'none',
  compute(read) {
    const service = read.object();
    if (service?.object.status !== undefined && handled(service).length === 0)
      return known([], from(filteredIngress));
    const answers = read.nodes().map((node) => ({ node, answer: checkOn(node, service) }));
    const late = answers.filter(({ answer }) => answer.state === 'late');
    if (late.length > 0) {
      return known(
        late.map(({ node }) => node.nodeName() ?? 'node'),
        ...late.flatMap(({ answer }) => answer.origins).slice(0, 6),
      );
    }
    if (answers.every(({ answer }) => answer.state === 'in-time')) {
      return known([], ...answers.flatMap(({ answer }) => answer.origins).slice(0, 6));
    }
    return unknown({
      fact: 'nftables rules of kube-proxy on the nodes',
      command: 'nft list table ip kube-proxy',
      where: 'each node',
    });
  },
};

/**
 * Addresses of the load balancer whose sources kube-proxy has to check: not those that the provider's balancer keeps to
 * itself (`ipMode: Proxy`, host names), and none where the ranges allow every source.
 */
export const filteredIngress: FactDefinition<readonly string[]> = {
  id: 'service.filtered-ingress',
  title: 'addresses of the load balancer that the node handles and whose sources are limited',
  level: 'object',
  format: (addresses) => addresses.join(', ') || 'none',
  compute(read) {
    const service = read.object();
    if (service === undefined)
      return unknown({ fact: 'the Service', command: 'kubectl get services -A -o json' });
    if (service.object.status === undefined) {
      const doubt = 'the Service was collected without its status, which names the addresses';
      return knownUncertain(['not shown'], doubt, inObject(service));
    }
    return known(handled(service), inObject(service, '/status/loadBalancer/ingress'));
  },
};

function handled(service: StoredObject): readonly string[] {
  const ranges = (serviceSpec(service).loadBalancerSourceRanges ?? []).map(String);
  return loadBalancerIngress(service).flatMap(({ ip, ipMode }) => {
    if (ip === undefined || ipMode === 'Proxy') return [];
    const isOpen = ranges.some(
      (range) => range.trim().endsWith('/0') && range.includes(':') === ip.includes(':'),
    );
    return isOpen ? [] : [ip];
  });
}

interface NodeAnswer {
  readonly state: 'late' | 'in-time' | 'unknown';
  readonly origins: readonly Origin[];
}

function checkOn(node: Reader, service: StoredObject | undefined): NodeAnswer {
  if (runsOtherMode(node, 'nftables')) return { state: 'in-time', origins: [] };
  const ruleset = node.probe(nftRulesetProbe);
  if (ruleset.state === 'missing') return { state: 'unknown', origins: [] };
  const place = (origin: { line?: number; pointer?: string }): Origin =>
    onThisNode(node, at(ruleset.file, origin));
  const tables = familiesOf(service).flatMap(
    (family) => ruleset.value.tables.get(`${family} kube-proxy`) ?? [],
  );
  for (const table of tables) {
    const hooks = callers(table);
    if (hooks.length === 0 || !table.isComplete) continue;
    if (hooks.some(isInTime)) continue;
    return { state: 'late', origins: hooks.map((chain) => place(chain)) };
  }
  const settled =
    ruleset.complete && (tables.length === 0 || tables.every((table) => callers(table).some(isInTime)));
  return { state: settled ? 'in-time' : 'unknown', origins: [onThisNode(node, at(ruleset.file, {}))] };
}

/** Families of the addresses whose ranges are checked; both where nothing tells. */
function familiesOf(service: StoredObject | undefined): readonly ('ip' | 'ip6')[] {
  const addresses = service === undefined ? [] : loadBalancerIngress(service).flatMap(({ ip }) => ip ?? []);
  const ranges = service === undefined ? [] : (serviceSpec(service).loadBalancerSourceRanges ?? []);
  const texts = addresses.length > 0 ? addresses : ranges;
  const families = new Set(texts.map((text) => (String(text).includes(':') ? 'ip6' : 'ip')));
  return families.size === 0
    ? ['ip', 'ip6']
    : (['ip', 'ip6'] as const).filter((family) => families.has(family));
}

/** Base chains that lead into `firewall-check`, the chain of kube-proxy that looks at source ranges. */
function callers(table: NftTable): readonly NftChain[] {
  return [...table.chains.values()].filter(
    (chain) =>
      chain.hook !== undefined &&
      chain.rules.some(({ verdicts }) => verdicts.some((verdict) => verdict.chain === 'firewall-check')),
  );
}

function isInTime({ hook, priority }: NftChain): boolean {
  return hook === 'prerouting' && priority !== undefined && priority < DSTNAT;
}
