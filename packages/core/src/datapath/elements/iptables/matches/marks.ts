import type { RuleOption } from '../../../../parsers/iptables-save/index.ts';
import type { RuleContext } from '../../../firewall/context.ts';
import { type Match, matchByOption, type Test } from '../match.ts';
import { and, readMaskedNumber } from '../values.ts';

/** `-m mark --mark 0x4000/0x4000` (net/netfilter/xt_mark.c). */
export const mark: Match = matchByOption(['mark'], (option) => test(option, ({ packet }) => packet.mark));

/** `-m connmark` (net/netfilter/xt_connmark.c). A packet without connection does not match. */
export const connmark: Match = matchByOption(['connmark'], (option) =>
  test(option, ({ connection }) => connection.tracked?.mark),
);

function test(option: RuleOption, read: (context: RuleContext) => number | undefined): Test | undefined {
  const wanted = option.name === 'mark' ? readMaskedNumber(option.values[0]) : undefined;
  if (wanted === undefined) return undefined;
  return (context) => {
    const value = read(context);
    if (value === undefined) return false;
    return (and(value, wanted.mask) === wanted.value) !== option.negated;
  };
}
