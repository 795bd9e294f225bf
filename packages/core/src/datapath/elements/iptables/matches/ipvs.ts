import { protocolNumber } from '../../../../net/protocol.ts';
import type { RuleOption } from '../../../../parsers/iptables-save/index.ts';
import type { VirtualService } from '../../../firewall/context.ts';
import { unsure } from '../../../firewall/verdict.ts';
import { type Match, matchByOption, type Test } from '../match.ts';
import { isInNetwork, readMaskedAddress, readPorts } from '../values.ts';

/**
 * `-m ipvs` (net/netfilter/xt_ipvs.c): what IPVS has sent on, and for which service. But for `--ipvs` alone, no option matches
 * other packets, not even negated.
 */
export const ipvs: Match = matchByOption(['ipvs'], (option) => {
  if (option.name === 'ipvs') return ({ balancedFor }) => (balancedFor !== undefined) !== option.negated;
  const test = serviceTest(option);
  if (test === undefined) return undefined;
  return (({ balancedFor, connection }) => {
    if (connection.direction === 'reply') return unsure('answers of IPVS services are not modelled');
    return balancedFor !== undefined && test(balancedFor) !== option.negated;
  }) satisfies Test;
});

function serviceTest({
  name,
  values: [value = ''],
}: RuleOption): ((service: VirtualService) => boolean) | undefined {
  if (name === 'vproto') {
    const wanted = protocolNumber(value);
    return wanted === undefined ? undefined : ({ protocol }) => protocol === wanted;
  }
  if (name === 'vaddr') {
    const network = readMaskedAddress(value);
    return network === undefined ? undefined : ({ address }) => isInNetwork(network, address);
  }
  if (name !== 'vport') return undefined;
  const range = readPorts(value)?.[0];
  return range === undefined
    ? undefined
    : ({ port }) => port !== undefined && port >= range.first && port <= range.last;
}
