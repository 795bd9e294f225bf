import type { TraceStep } from '../../../datapath/model/answer.ts';
import { storedRule } from '../../rules/stored-rule.ts';
import { type ServiceEndpoint, socket } from '../../services/endpoints.ts';
import { addServers, missingServers, virtualOption, virtualServer } from '../../services/ipvs-servers.ts';
import { retarget } from '../../services/retarget.ts';
import type { ServiceCall } from '../../services/service-call.ts';

/** A translation to an address that is no endpoint. */
export interface StaleTarget {
  readonly address: string;
  readonly port: number;
  /** The step that translated. */
  readonly step: TraceStep;
}

/** Commands that lead packets from stale targets to endpoints; none where there is no endpoint. */
export function leadElsewhere(call: ServiceCall, targets: readonly StaleTarget[]): readonly string[] {
  const { service, namespace, usable = [] } = call;
  const isBalanced = targets.some(({ step }) => step.element === 'ipvs');
  if (!isBalanced) return turnRules(call, targets);
  const virtual = virtualServer(namespace, service);
  return [
    ...addServers(service, virtual, missingServers(virtual, usable)),
    ...targets.map((target) => `ipvsadm -d ${virtualOption(service)} -r ${socket(target)}`),
  ];
}

/** Each rule is turned to an endpoint that no rule leads to yet, while there is one. */
function turnRules(
  { namespace, usable = [] }: ServiceCall,
  targets: readonly StaleTarget[],
): readonly string[] {
  const free = [...usable];
  return targets.flatMap((target) => {
    const { step, address } = target;
    const [place] = step.evidence;
    const stored =
      place === undefined ? undefined : storedRule(namespace, address.includes(':') ? 6 : 4, step, place);
    if (stored === undefined) return [];
    const chains =
      stored.kind === 'iptables'
        ? [...(stored.dump.save.tables.get(stored.table)?.chains.values() ?? [])]
        : [...stored.table.chains.values()];
    const texts = chains.flatMap(({ rules }) => rules.map(({ text }) => text));
    const unused = free.findIndex((one) => !isLedTo(one, texts));
    const wanted = free[unused] ?? usable[0];
    if (unused >= 0) free.splice(unused, 1);
    return wanted === undefined ? [] : retarget(stored, target, wanted);
  });
}

function isLedTo(endpoint: ServiceEndpoint, texts: readonly string[]): boolean {
  return texts.some((text) => text.endsWith(` ${socket(endpoint)}`));
}
