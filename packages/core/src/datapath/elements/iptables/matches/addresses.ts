import type { IpAddress } from '../../../../net/address.ts';
import { parseAddress } from '../../../../net/address.ts';
import type { RuleOption } from '../../../../parsers/iptables-save/index.ts';
import type { AddressType, RuleContext } from '../../../firewall/context.ts';
import { negate, unsure } from '../../../firewall/verdict.ts';
import { type Match, matchByOption, type Test } from '../match.ts';

/** `-m addrtype` (net/netfilter/xt_addrtype.c). */
export const addrtype: Match = {
  names: ['addrtype'],
  compile(options) {
    const limit = options.find(({ name }) => name.startsWith('limit-iface-'))?.name;
    const tests: Test[] = [];
    for (const option of options) {
      if (option.name.startsWith('limit-iface-')) continue;
      const test = typeTest(option, limit);
      if (test === undefined) return undefined;
      tests.push(test);
    }
    return tests;
  },
};

const TYPES: ReadonlySet<string> = new Set(
  'unspec unicast local broadcast anycast multicast blackhole unreachable prohibit'.split(' '),
);

function typeTest(option: RuleOption, limit: string | undefined): Test | undefined {
  const types = (option.values[0] ?? '').toLowerCase().split(',');
  if (!types.every((type) => TYPES.has(type))) return undefined;
  if (option.name !== 'src-type' && option.name !== 'dst-type') return undefined;
  const isSource = option.name === 'src-type';
  return (context) => {
    const device = limitDevice(context, limit);
    if (device === undefined) return unsure('the interface is not known');
    const address = isSource ? context.packet.source : context.packet.destination;
    const lookUp = () => context.environment.addressType(address, device === '' ? undefined : device);
    const isOfType = address.family === 4 ? hasTypeV4(types, lookUp) : hasTypeV6(types, address, lookUp);
    if (isOfType === undefined) return unsure('addresses and routes are not known');
    return isOfType !== option.negated;
  };
}

function hasTypeV4(types: readonly string[], lookUp: () => AddressType | undefined): boolean | undefined {
  const type = lookUp();
  return type === undefined ? undefined : types.includes(type);
}

/**
 * In IPv6 an address of the node is unicast as well, and all reject routes count as unreachable (`match_type6` and
 * `match_lookup_rt6`).
 */
function hasTypeV6(
  types: readonly string[],
  { bits }: IpAddress,
  lookUp: () => AddressType | undefined,
): boolean | undefined {
  const isMulticast = bits >> 120n === 0xffn;
  if (types.includes('multicast') && !isMulticast) return false;
  if (types.includes('unicast') && (isMulticast || bits === 0n)) return false;
  if (types.includes('unspec') && bits !== 0n) return false;
  if (!types.some((type) => LOOKED_UP.has(type))) return true;
  const type = lookUp();
  if (type === undefined) return undefined;
  return types.includes(type === 'blackhole' || type === 'prohibit' ? 'unreachable' : type);
}

/** Types of IPv6 addresses that only a lookup tells. */
const LOOKED_UP: ReadonlySet<string> = new Set(['local', 'anycast', 'prohibit', 'unreachable']);

function limitDevice(context: RuleContext, limit: string | undefined): string | undefined {
  if (limit === undefined) return '';
  return limit === 'limit-iface-in' ? context.inInterface : context.outInterface;
}

/** `-m iprange` (net/netfilter/xt_iprange.c). */
export const iprange: Match = matchByOption(['iprange'], (option) => {
  const [first, last] = (option.values[0] ?? '').split('-').map(parseAddress);
  if (first === undefined || last === undefined) return undefined;
  if (option.name !== 'src-range' && option.name !== 'dst-range') return undefined;
  const isInside = (address: IpAddress): boolean =>
    address.family === first.family && address.bits >= first.bits && address.bits <= last.bits;
  return ({ packet }) =>
    isInside(option.name === 'src-range' ? packet.source : packet.destination) !== option.negated;
});

/** `-m set --match-set NAME src,dst` (net/netfilter/xt_set.c). */
export const set: Match = matchByOption(['set'], (option) => {
  const [name, directions] = option.values;
  // Counters of entries are not read; the other options only say what is counted.
  if (option.name === 'return-nomatch' || option.name.startsWith('update-') || option.name === 'update')
    return () => true;
  if (option.name !== 'match-set' || name === undefined || directions === undefined) return undefined;
  return (context) => {
    const result = context.environment.inSet(name, directions.split(','), context);
    return option.negated ? negate(result) : result;
  };
});

/** `-m rpfilter` (net/ipv4/netfilter/ipt_rpfilter.c): whether an answer would leave by the interface the packet came in by. */
export const rpfilter: Match = {
  names: ['rpfilter'],
  compile(options) {
    const names = new Set(options.map(({ name }) => name));
    const isInverted = names.has('invert');
    return [
      (context) => {
        const { packet, inInterface, environment } = context;
        if (inInterface === 'lo') return !isInverted;
        const devices = environment.devicesTo(
          packet.source,
          names.has('validmark') ? packet.mark : 0,
          inInterface,
        );
        if (devices === undefined) return unsure('routes are not known');
        const isLocal = devices.includes('lo');
        const passes = isLocal
          ? names.has('accept-local')
          : devices.length > 0 && (names.has('loose') || devices.includes(inInterface));
        return passes !== isInverted;
      },
    ];
  },
};
