import {
  areFlags,
  expressionText,
  hasQuotedValues,
  isComputed,
  mapText,
  named,
  verdictText,
  words,
} from './expression.ts';
import { isObject, type JsonObject, listOf, onlyProperty, scalarOf, textOf, textsOf } from './json-value.ts';

/** How deep statements may be nested: a meter or a set update holds one. */
const DEPTH_LIMIT = 4;

/**
 * A JSON statement of libnftables in the words of the text form, or undefined when it is of a kind not known here.
 *
 * ```text
 * {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}   → tcp dport 22
 * {"counter": {"packets": 29, "bytes": 1976}}                                     → counter packets 29 bytes 1976
 * {"jump": {"target": "KUBE-SERVICES"}}                                           → jump KUBE-SERVICES
 * ```
 */
export function statementText(statement: unknown, depth = 0): string | undefined {
  const property = onlyProperty(statement);
  if (property === undefined || depth > DEPTH_LIMIT) return undefined;
  const [kind, content] = property;
  const fields = isObject(content) ? content : {};
  switch (kind) {
    case 'match':
      return matchText(fields);
    case 'vmap':
      return mapText('vmap', fields);
    case 'counter':
      return typeof content === 'string' ? `counter name "${content}"` : counterText(fields);
    case 'mangle':
      return words(
        expressionText(fields.key),
        'set',
        expressionText(fields.value, hasQuotedValues(fields.key)),
      );
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return natText(kind, fields);
    case 'reject':
      return rejectText(fields);
    case 'limit':
      return typeof content === 'string' ? `limit name "${content}"` : limitText(fields);
    case 'quota':
      return typeof content === 'string' ? `quota name "${content}"` : quotaText(fields);
    case 'log':
      return logText(fields);
    case 'queue':
      return words('queue', ...flagsOf(fields), ...destination('to', fields.num));
    case 'tproxy':
      return words('tproxy', ...textsOf(fields.family), ...destination('to', addressAndPort(fields)));
    case 'notrack':
      return 'notrack';
    case 'dup':
      return words('dup', ...destination('to', fields.addr), ...destination('device', fields.dev, true));
    case 'fwd':
      return words(
        'fwd',
        ...textsOf(fields.family),
        ...destination('to', fields.addr ?? fields.dev, fields.addr === undefined),
      );
    case 'flow':
      return words('flow', textOf(fields.op) ?? 'add', textOf(fields.flowtable));
    case 'set':
    case 'map':
      return updateText(fields, depth);
    case 'meter':
      return words(
        'meter',
        ...textsOf(fields.name),
        ...destination('size', fields.size),
        '{',
        ...keyed(fields, depth),
        '}',
      );
    case 'ct helper':
    case 'ct timeout':
    case 'ct expectation':
    case 'secmark':
      return typeof content === 'string' ? `${kind} set "${content}"` : undefined;
    case 'ct count':
      return words('ct count', ...(fields.inv === true ? ['over'] : []), expressionText(fields.val));
    case 'xt':
      return words('xt', textOf(fields.type), quote(textOf(fields.name)));
    case 'last':
      return 'last';
    case 'synproxy':
      return words('synproxy', ...named('mss', fields), ...named('wscale', fields), ...textsOf(fields.flags));
    default:
      return verdictText(kind, content);
  }
}

function matchText(fields: JsonObject): string | undefined {
  const left = fields.left;
  const operator = textOf(fields.op) ?? '==';
  const isUnwritten =
    operator === 'in' ||
    (operator === '==' && !isComputed(left) && !(areFlags(left) && isValue(fields.right)));
  const right = expressionText(fields.right, hasQuotedValues(left));
  return isUnwritten ? words(expressionText(left), right) : words(expressionText(left), operator, right);
}

/** One value, not a set or the name of one. */
function isValue(right: unknown): boolean {
  return (
    typeof right === 'number' || (typeof right === 'string' && !right.startsWith('@')) || isComputed(right)
  );
}

function counterText(fields: JsonObject): string {
  const { packets, bytes } = fields;
  if (typeof packets !== 'number' || typeof bytes !== 'number') return 'counter';
  return `counter packets ${packets} bytes ${bytes}`;
}

function natText(kind: string, fields: JsonObject): string | undefined {
  const target = addressAndPort(fields);
  return words(
    kind,
    ...(target === undefined ? [] : [...textsOf(fields.family), ...prefixMark(fields)]),
    ...destination('to', target),
    ...flagsOf(fields, IMPLIED_FLAGS),
  );
}

/** Follows from the prefix before the address, so nft does not write it. */
const IMPLIED_FLAGS: readonly string[] = ['netmap'];

function prefixMark(fields: JsonObject): readonly string[] {
  return textsOf(fields.type_flags).includes('prefix') ? ['prefix'] : [];
}

/** `10.0.0.5:80`, `[fd00::5]:80`, `:80`, or an expression such as a map. */
function addressAndPort(fields: JsonObject): unknown {
  const { addr: address, port } = fields;
  if (port === undefined) return address;
  const portText = expressionText(port);
  if (address === undefined) return portText === undefined ? {} : `:${portText}`;
  const addressText = expressionText(address);
  if (addressText === undefined || portText === undefined) return {};
  return `${addressText.includes(':') ? `[${addressText}]` : addressText}:${portText}`;
}

function destination(word: string, value: unknown, quoted = false): readonly (string | undefined)[] {
  return value === undefined ? [] : [word, expressionText(value, quoted)];
}

function flagsOf(fields: JsonObject, unwritten: readonly string[] = []): readonly string[] {
  const flags = textsOf(fields.flags).filter((flag) => !unwritten.includes(flag));
  return flags.length === 0 ? [] : [flags.join(',')];
}

function rejectText(fields: JsonObject): string | undefined {
  const type = textOf(fields.type);
  if (type === undefined) return 'reject';
  return type === 'tcp reset'
    ? 'reject with tcp reset'
    : words('reject with', type, expressionText(fields.expr));
}

function limitText(fields: JsonObject): string | undefined {
  const { rate, burst } = fields;
  const unit = textOf(fields.rate_unit);
  const burstUnit = textOf(fields.burst_unit);
  const isByPackets = unit === undefined || unit === 'packets';
  return words(
    'limit rate',
    ...(fields.inv === true ? ['over'] : []),
    perUnit(isByPackets ? scalarOf(rate) : words(scalarOf(rate), unit), textOf(fields.per) ?? 'second'),
    ...(typeof burst === 'number' && burst > 0
      ? [`burst ${burst} ${burstUnit ?? (isByPackets ? 'packets' : 'bytes')}`]
      : []),
  );
}

function perUnit(amount: string | undefined, unit: string): string | undefined {
  return amount === undefined ? undefined : `${amount}/${unit}`;
}

function quotaText(fields: JsonObject): string | undefined {
  const used =
    fields.used === undefined ? [] : ['used', scalarOf(fields.used), textOf(fields.used_unit) ?? 'bytes'];
  return words(
    'quota',
    ...(fields.inv === true ? ['over'] : []),
    scalarOf(fields.val),
    textOf(fields.val_unit) ?? 'bytes',
    ...used,
  );
}

function logText(fields: JsonObject): string | undefined {
  const prefix = textOf(fields.prefix);
  return words(
    'log',
    ...(prefix === undefined ? [] : [`prefix "${prefix}"`]),
    ...named('level', fields),
    ...named('group', fields),
    ...named('snaplen', fields),
    ...named('queue-threshold', fields),
    ...textsOf(fields.flags).map((flag) => `flags ${flag}`),
  );
}

/** `ip saddr limit rate over 5/second` */
function keyed(fields: JsonObject, depth: number): readonly (string | undefined)[] {
  return [expressionText(fields.key), statementText(fields.stmt, depth + 1)];
}

/** `update @name { ip saddr timeout 60 limit rate 5/second }` */
function updateText(fields: JsonObject, depth: number): string | undefined {
  const set = textOf(fields.set) ?? textOf(fields.map);
  const statements = listOf(fields.stmt).map((statement) => statementText(statement, depth + 1));
  const data = fields.data === undefined ? [] : [':', expressionText(fields.data)];
  return words(
    textOf(fields.op) ?? 'add',
    set,
    '{',
    expressionText(fields.elem),
    ...statements,
    ...data,
    '}',
  );
}

function quote(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `"${text}"`;
}
