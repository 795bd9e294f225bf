import { parseNumberRange } from '../../../../net/number-range.ts';
import type { RuleOption } from '../../../../parsers/iptables-save/index.ts';
import type { Statement } from '../../../firewall/chain.ts';
import { ACCEPT, DROP, RETURN } from '../../../firewall/verdict.ts';
import { readTranslation, type Translation } from '../../conntrack/translate.ts';
import { destinationTo, masquerade, redirect, sourceTo } from '../../translation-statements.ts';
import { connmarkTarget, markTarget } from './marks.ts';

type Options = readonly RuleOption[];

/** Targets that let the packet go on unchanged, as far as anything modelled here can see. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  'AUDIT CHECKSUM CLASSIFY CONNSECMARK FLOWOFFLOAD IDLETIMER LED LOG NFLOG RATEEST SECMARK SET TCPMSS TCPOPTSTRIP TEE TRACE ULOG'.split(
    ' ',
  ),
);

/** Whether a rule with this target changes nothing in the walk. */
export function isWithoutEffect(target: string | undefined): boolean {
  return target === undefined || WITHOUT_EFFECT.has(target);
}

/** What a target does; undefined where it, or one of its options, is not modelled. */
export function compileTarget(name: string, options: Options): Statement | undefined {
  switch (name) {
    case 'ACCEPT':
      return () => ACCEPT;
    case 'DROP':
      return () => DROP;
    case 'RETURN':
      return () => RETURN;
    case 'REJECT':
      return reject(options);
    case 'MARK':
      return markTarget(options);
    case 'CONNMARK':
      return connmarkTarget(options);
    case 'DNAT':
      return translation(options, 'to-destination', destinationTo);
    case 'SNAT':
      return translation(options, 'to-source', sourceTo);
    case 'MASQUERADE':
      return portTranslation(options, masquerade);
    case 'REDIRECT':
      return portTranslation(options, redirect);
    case 'NOTRACK':
      return notrack;
    case 'CT':
      return connectionTarget(options);
    default:
      return undefined;
  }
}

function reject(options: Options): Statement {
  const kind = options.find(({ name }) => name === 'reject-with')?.values[0];
  return ({ packet }) => ({
    kind: 'reject',
    with: kind ?? (packet.destination.family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'),
  });
}

const notrack: Statement = (context, note) => {
  if (context.connection.tracked !== undefined) return 'next';
  note('notrack');
  context.untrack();
  return 'next';
};

/** `-j CT`: helpers, events and timeouts change nothing here; zones would. */
function connectionTarget(options: Options): Statement | undefined {
  if (options.some(({ name }) => name === 'notrack')) return notrack;
  const known = ['helper', 'ctevents', 'expevents', 'timeout'];
  return options.every(({ name }) => known.includes(name)) ? () => 'next' : undefined;
}

function translation(
  options: Options,
  name: string,
  apply: (wanted: Translation, ...rest: Parameters<Statement>) => ReturnType<Statement>,
): Statement | undefined {
  const wanted = options
    .filter((option) => option.name === name)
    .map(({ values }) => readTranslation(values[0] ?? ''));
  // Several ranges on one rule exist only before kernel 2.6.11.
  const [first] = wanted;
  if (first === undefined || wanted.length !== 1) return undefined;
  return (...context) => apply({ ...first, ...randomOf(options) }, ...context);
}

function portTranslation(
  options: Options,
  apply: (wanted: Translation, ...rest: Parameters<Statement>) => ReturnType<Statement>,
): Statement | undefined {
  const text = options.find(({ name }) => name === 'to-ports')?.values[0];
  const ports = text === undefined ? undefined : parseNumberRange(text);
  if (text !== undefined && ports === undefined) return undefined;
  const wanted = { ...(ports === undefined ? {} : { ports }), ...randomOf(options) };
  return (...context) => apply(wanted, ...context);
}

function randomOf(options: Options): Pick<Translation, 'randomPort'> {
  const isRandom = options.some(({ name }) => name === 'random' || name === 'random-fully');
  return isRandom ? { randomPort: true } : {};
}
