import { ipsetSaveProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, type ContainerLog, type Reader } from '../../reader.ts';

const REFUSAL = /Kernel and userspace incompatible: settype \S+ with revision \d+ not supported by userspace/;

/**
 * What ipset inside the network agents of the node says about sets it is too old for. A log without such a line proves
 * nothing, as logs rotate; a node without any set does.
 */
export const ipsetRefusals: FactDefinition<readonly string[]> = {
  id: 'host.ipset-refusals',
  title: 'ipset sets that agents cannot read',
  level: 'node',
  format: (lines) => lines.join('; ') || 'none',
  compute(read) {
    const found = logsOfNode(read).flatMap((log) => refusalIn(log) ?? []);
    const [first] = found;
    if (first !== undefined) return known([first.text], first.origin);
    const sets = read.probe(ipsetSaveProbe);
    if (sets.state === 'read' && sets.complete && isEmpty(sets.value)) return known([], at(sets.file, {}));
    return unknown({
      fact: 'ipset of the network agent reads the sets of the node',
      command: 'kubectl -n kube-system exec <agent pod of the node> -- ipset list -terse',
      where: 'node',
    });
  },
};

function isEmpty(sets: unknown): boolean {
  if (sets instanceof Map) return sets.size === 0;
  return Array.isArray(sets) && sets.length === 0;
}

function refusalIn({ text, file }: ContainerLog): { text: string; origin: Origin }[] | undefined {
  const match = REFUSAL.exec(text);
  if (match === null) return undefined;
  const line = text.slice(0, match.index).split('\n').length;
  return [{ text: match[0], origin: { file, line } }];
}

function logsOfNode(read: Reader): readonly ContainerLog[] {
  const agents = read.logs().filter(({ pod }) => /^(?:calico-node|canal|kube-router|kube-ovn)/.test(pod));
  if (agents.length === 0 || read.nodes().length === 1) return agents;
  const own = new Set((read.podsOnNode()?.items ?? []).map(({ object }) => object.metadata.name));
  return agents.filter(({ pod }) => own.has(pod));
}
