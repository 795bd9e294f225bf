import { type Family, familyOf, toMark } from '../iproute2/address.ts';
import { defined } from '../iproute2/defined.ts';
import { hasMark, type JsonFields, type JsonRecord, numberField, stringField } from '../iproute2/json.ts';
import { PLAIN_ACTIONS, type PolicyRule, WHOLE_MARK } from './rule.ts';

/** Fields with one value that go to `extra` under their own name. */
const EXTRAS = ['tos', 'dscp', 'flowlabel', 'tun_id', 'suppress_ifgroup'];

/** Fields read for other things than `extra`; any field beyond them and the extras makes the rule unknown. */
const KNOWN = new Set(
  'priority not src srclen dst dstlen fwmark fwmask iif iif_detached oif oif_detached ipproto sport sport_start sport_end sport_mask dport dport_start dport_end dport_mask uid_start uid_end l3mdev table suppress_prefixlen suppress_ifgroup protocol action goto unresolved nop flow_from flow_to tos dscp dscp_mask flowlabel flowlabel_mask tun_id'.split(
    ' ',
  ),
);

/** The rule of an element of `ip -j rule`, or why there is none. */
export function ruleFromJson(
  { fields, pointer }: JsonRecord,
  family: Family | undefined,
): PolicyRule | string {
  const priority = numberField(fields, 'priority');
  if (priority === undefined) return 'expected a rule with "priority"';
  const unknown = Object.keys(fields).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) return `unknown field "${unknown.slice(0, 40)}" in a rule`;
  const action = actionFromJson(fields);
  if (action === undefined) return 'rule without an action that is known';
  const from = prefixFromJson(fields, 'src');
  const to = prefixFromJson(fields, 'dst');
  const marks = marksFromJson(fields);
  if (from === null || to === null || marks === null) return 'prefix or mark of the rule is not readable';
  return {
    pointer,
    family: familyOf(from) ?? familyOf(to) ?? family ?? 4,
    priority,
    invert: hasMark(fields, 'not'),
    ...marks,
    ...defined({
      from,
      to,
      iif: stringField(fields, 'iif'),
      oif: stringField(fields, 'oif'),
      ipProtocol: stringField(fields, 'ipproto'),
      sourcePorts: portsFromJson(fields, 'sport'),
      destinationPorts: portsFromJson(fields, 'dport'),
      suppressPrefixLength: numberField(fields, 'suppress_prefixlen'),
      table: stringField(fields, 'table'),
      goto: numberField(fields, 'goto'),
      protocol: stringField(fields, 'protocol'),
    }),
    action,
    extra: extrasFromJson(fields),
  };
}

function actionFromJson(fields: JsonFields): PolicyRule['action'] | undefined {
  if (hasMark(fields, 'goto')) return 'goto';
  if (hasMark(fields, 'nop')) return 'nop';
  const action = stringField(fields, 'action');
  if (action !== undefined) return PLAIN_ACTIONS.find((name) => name === action);
  return hasMark(fields, 'table') || hasMark(fields, 'l3mdev') ? 'lookup' : undefined;
}

/** `null` for a prefix that is not one. */
function prefixFromJson(fields: JsonFields, name: 'src' | 'dst'): string | undefined | null {
  const address = stringField(fields, name);
  if (address === undefined || address === 'all') return undefined;
  const length = numberField(fields, `${name}len`);
  const prefix = length === undefined ? address : `${address}/${length}`;
  return familyOf(prefix) === undefined ? null : prefix;
}

function marksFromJson(fields: JsonFields): Pick<PolicyRule, 'fwmark' | 'fwmask'> | null {
  if (!hasMark(fields, 'fwmark')) return {};
  const fwmark = toMark(stringField(fields, 'fwmark'));
  const fwmask = hasMark(fields, 'fwmask') ? toMark(stringField(fields, 'fwmask')) : WHOLE_MARK;
  return fwmark === undefined || fwmask === undefined ? null : { fwmark, fwmask };
}

function portsFromJson(fields: JsonFields, name: 'sport' | 'dport'): string | undefined {
  const first = stringField(fields, `${name}_start`);
  const last = stringField(fields, `${name}_end`);
  if (first !== undefined && last !== undefined) return `${first}-${last}`;
  const port = stringField(fields, name);
  const mask = stringField(fields, `${name}_mask`);
  return port !== undefined && mask !== undefined ? `${port}/${mask}` : port;
}

function extrasFromJson(fields: JsonFields): readonly string[] {
  const extra = EXTRAS.flatMap((field) => {
    const value = stringField(fields, field);
    const mask = stringField(fields, `${field}_mask`);
    return value === undefined ? [] : [`${field} ${mask === undefined ? value : `${value}/${mask}`}`];
  });
  const firstUser = stringField(fields, 'uid_start');
  if (firstUser !== undefined) extra.push(`uidrange ${firstUser}-${stringField(fields, 'uid_end') ?? ''}`);
  const toRealm = stringField(fields, 'flow_to');
  const fromRealm = stringField(fields, 'flow_from');
  if (toRealm !== undefined) extra.push(`realms ${fromRealm === undefined ? '' : `${fromRealm}/`}${toRealm}`);
  if (hasMark(fields, 'l3mdev')) extra.push('l3mdev');
  if (hasMark(fields, 'unresolved')) extra.push('unresolved');
  if (hasMark(fields, 'iif_detached')) extra.push('iif detached');
  if (hasMark(fields, 'oif_detached')) extra.push('oif detached');
  return extra;
}
