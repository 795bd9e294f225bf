import type { StoredObject } from '../../facts/snapshot/object-store.ts';
import { parsePrefix, prefixContains } from '../../net/prefix.ts';
import { protocolNumber } from '../../net/protocol.ts';
import { parseCalicoSelector } from './calico-selector.ts';
import type { Labels } from './label-selector.ts';
import {
  allFit,
  anyFits,
  type Fit,
  fitOf,
  type Peer,
  type PolicyFlow,
  type PolicyOpinion,
  type PolicyPod,
  portName,
} from './policy.ts';

interface EntityRule {
  readonly selector?: string;
  readonly notSelector?: string;
  readonly namespaceSelector?: string;
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly ports?: readonly (number | string)[];
  readonly notPorts?: readonly (number | string)[];
}

interface CalicoRule {
  readonly action?: string;
  readonly protocol?: string | number;
  readonly source?: EntityRule;
  readonly destination?: EntityRule;
}

interface CalicoSpec {
  readonly selector?: string;
  readonly namespaceSelector?: string;
  readonly types?: readonly string[];
  readonly ingress?: readonly CalicoRule[];
  readonly egress?: readonly CalicoRule[];
}

/** Parts of a rule that are read; one with others may mean less than it seems. */
const READ_RULE = new Set(['action', 'protocol', 'source', 'destination', 'metadata']);
const READ_ENTITY = new Set([
  'selector',
  'notSelector',
  'namespaceSelector',
  'nets',
  'notNets',
  'ports',
  'notPorts',
]);

/**
 * What a NetworkPolicy or GlobalNetworkPolicy of Calico says about a flow by its first rule that fits; undefined where it
 * does not select the pod for this direction.
 */
export function calicoOpinion(stored: StoredObject, flow: PolicyFlow): PolicyOpinion | undefined {
  const { namespace, name } = stored.object.metadata;
  if (namespace !== undefined && namespace !== flow.pod.namespace) return undefined;
  const spec = (stored.object.spec ?? {}) as CalicoSpec;
  const isSelected = allFit([
    selectorFit(spec.selector, labelsOf(flow.pod)),
    selectorFit(spec.namespaceSelector, flow.pod.namespaceLabels),
  ]);
  if (isSelected === 'no' || !typesOf(spec).includes(flow.direction)) return undefined;
  const rules = spec[flow.direction] ?? [];
  const opinion = isSelected === 'unknown' ? 'unknown' : firstOpinion(rules, flow, namespace);
  return {
    name:
      namespace === undefined ? `GlobalNetworkPolicy ${name}` : `NetworkPolicy (Calico) ${namespace}/${name}`,
    place: { file: stored.file, pointer: stored.pointer },
    opinion,
    reason:
      opinion === 'denies'
        ? `denies ${portName(flow)}`
        : rules.length === 0
          ? `allows no ${flow.direction} at all`
          : 'has no rule for it',
  };
}

/** Without `types`, a policy is for the directions that it has rules for, for ingress where it has none. */
function typesOf({ types, ingress, egress }: CalicoSpec): readonly string[] {
  if (Array.isArray(types)) return types.map((type) => String(type).toLowerCase());
  if ((egress ?? []).length === 0) return ['ingress'];
  return (ingress ?? []).length === 0 ? ['egress'] : ['ingress', 'egress'];
}

function firstOpinion(
  rules: readonly CalicoRule[],
  flow: PolicyFlow,
  namespace: string | undefined,
): PolicyOpinion['opinion'] {
  for (const rule of rules) {
    const fit = ruleFit(rule, flow, namespace);
    if (fit === 'unknown') return 'unknown';
    if (fit === 'no' || rule.action === 'Log') continue;
    if (rule.action === 'Allow') return 'allows';
    return rule.action === 'Deny' ? 'denies' : 'unknown';
  }
  return 'says nothing';
}

function ruleFit(rule: CalicoRule, flow: PolicyFlow, namespace: string | undefined): Fit {
  const parts = [rule.source, rule.destination].filter((part) => part !== undefined);
  const isRead =
    Object.keys(rule).every((key) => READ_RULE.has(key)) &&
    parts.every((part) => Object.keys(part).every((key) => READ_ENTITY.has(key)));
  const isIngress = flow.direction === 'ingress';
  const own: Peer = { address: flow.other.address, pod: flow.pod };
  return allFit([
    ...(isRead ? [] : (['unknown'] as const)),
    protocolFit(rule.protocol, flow.protocol),
    entityFit(isIngress ? rule.source : rule.destination, flow.other, namespace),
    // Addresses of the pod itself are left out: a rule that names them is open.
    entityFit(isIngress ? rule.destination : rule.source, own, namespace, true),
    portsFit(rule.destination, flow),
    rule.source?.ports === undefined ? 'yes' : 'unknown',
  ]);
}

function protocolFit(wanted: string | number | undefined, protocol: string): Fit {
  if (wanted === undefined) return 'yes';
  return fitOf(protocolNumber(String(wanted)) === protocolNumber(protocol));
}

function entityFit(
  entity: EntityRule | undefined,
  { address, pod }: Peer,
  namespace: string | undefined,
  isOwn = false,
): Fit {
  if (entity === undefined) return 'yes';
  const { selector, notSelector, namespaceSelector, nets = [], notNets = [] } = entity;
  if (isOwn && nets.length + notNets.length > 0) return 'unknown';
  const holds = (cidr: string): Fit => {
    const prefix = parsePrefix(cidr);
    return prefix === undefined ? 'unknown' : fitOf(prefixContains(prefix, address));
  };
  const byLabels = selector !== undefined || notSelector !== undefined || namespaceSelector !== undefined;
  // Selectors choose endpoints that Calico knows; what is none of them is chosen by none.
  if (byLabels && pod === undefined && notSelector === undefined) return 'no';
  const labels = pod === undefined ? {} : labelsOf(pod);
  const isElsewhere =
    namespace !== undefined &&
    namespaceSelector === undefined &&
    selector !== undefined &&
    pod?.namespace !== namespace;
  return allFit([
    isElsewhere ? 'no' : selectorFit(selector, labels),
    notSelector === undefined ? 'yes' : opposite(selectorFit(notSelector, labels)),
    namespaceSelector === undefined ? 'yes' : selectorFit(namespaceSelector, pod?.namespaceLabels),
    nets.length === 0 ? 'yes' : anyFits(nets.map(holds)),
    ...notNets.map((cidr) => opposite(holds(cidr))),
  ]);
}

function portsFit(entity: EntityRule | undefined, { port, portOwner }: PolicyFlow): Fit {
  const has = (one: number | string): Fit => {
    if (port === undefined) return 'unknown';
    const [, first, last] = /^(\d+)(?::(\d+))?$/.exec(String(one)) ?? [];
    const named = first === undefined ? portOwner?.ports.get(String(one)) : undefined;
    const low = first === undefined ? named : Number(first);
    if (low === undefined) return 'unknown';
    return fitOf(port >= low && port <= (last === undefined ? low : Number(last)));
  };
  const { ports = [], notPorts = [] } = entity ?? {};
  return allFit([
    ports.length === 0 ? 'yes' : anyFits(ports.map(has)),
    ...notPorts.map((one) => opposite(has(one))),
  ]);
}

function selectorFit(selector: string | undefined, labels: Labels | undefined): Fit {
  if (selector === undefined || selector === '') return 'yes';
  if (labels === undefined) return 'unknown';
  const test = parseCalicoSelector(selector);
  return test === undefined ? 'unknown' : fitOf(test(labels));
}

function opposite(fit: Fit): Fit {
  return fit === 'unknown' ? fit : fit === 'yes' ? 'no' : 'yes';
}

/** Calico gives pods labels of its own beside theirs (libcalico-go/lib/backend/k8s/conversion). */
function labelsOf({ labels, namespace }: PolicyPod): Labels {
  return { ...labels, 'projectcalico.org/namespace': namespace, 'projectcalico.org/orchestrator': 'k8s' };
}
