import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';
import { readEndpoint } from './endpoint.ts';
import type { Ipvs, IpvsServer, IpvsService } from './types.ts';

const LINE_LIMIT = 10_000;

/**
 * Reads `ipvsadm -Sn`:
 *
 * ```text
 * -A -t 10.96.0.1:443 -s rr -p 10800
 * -a -t 10.96.0.1:443 -r 172.18.0.2:6443 -m -w 1
 *   → { protocol: 'TCP', address: '10.96.0.1', port: 443, scheduler: 'rr', isPersistent: true,
 *       persistentSeconds: 10800, servers: [{ address: '172.18.0.2', port: 6443, forward: 'masq', weight: 1, … }], … }
 * ```
 */
export function parseIpvsSave(text: string): Parsed<Ipvs> {
  const problems = new ProblemLog();
  const services = new Map<string, IpvsService & { readonly servers: IpvsServer[] }>();
  for (const { number: line, text: content } of readableLinesOf(text, problems)) {
    const words = content.length > LINE_LIMIT ? [] : content.trim().split(/\s+/);
    const options = readOptions(words);
    const subject = readSubject(options);
    if (subject === undefined || (words[0] !== '-A' && words[0] !== '-a')) {
      problems.add({ line }, 'expected "-A SERVICE …" or "-a SERVICE -r SERVER …" with numbers', content);
      continue;
    }
    if (words[0] === '-A') {
      if (services.has(subject.key)) problems.add({ line }, 'this service is added twice', content);
      else services.set(subject.key, { ...serviceOf(subject.fields, options, line), servers: [] });
      continue;
    }
    const service = services.get(subject.key);
    const server = serverOf(options, line);
    if (server === undefined) problems.add({ line }, 'expected "-r ADDRESS:PORT" with numbers', content);
    else if (service === undefined)
      problems.add({ line }, 'a server of a service that was not added before it', content);
    else service.servers.push(server);
  }
  return { value: { services: [...services.values()] }, problems: problems.list() };
}

type Options = ReadonlyMap<string, string>;

/** Options by name; the value is empty for those without one. */
function readOptions(words: readonly string[]): Options {
  const options = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const name = words[index] ?? '';
    const next = words[index + 1];
    const hasValue = next !== undefined && !next.startsWith('-');
    options.set(name, hasValue ? next : '');
    if (hasValue) index++;
  }
  return options;
}

const PROTOCOLS: readonly (readonly [string, IpvsService['protocol']])[] = [
  ['-t', 'TCP'],
  ['-u', 'UDP'],
  ['--sctp-service', 'SCTP'],
];

type Subject = Pick<IpvsService, 'protocol' | 'address' | 'port' | 'fwmark'>;

/** What the service listens on, and a key that is the same on all its lines. */
function readSubject(options: Options): { readonly key: string; readonly fields: Subject } | undefined {
  for (const [option, protocol] of PROTOCOLS) {
    const where = options.get(option);
    if (where === undefined) continue;
    const endpoint = readEndpoint(where, false);
    return endpoint && { key: `${protocol} ${where}`, fields: { protocol, ...endpoint } };
  }
  const mark = options.get('-f');
  if (mark === undefined || !/^\d{1,10}$/.test(mark)) return undefined;
  return {
    key: `FWM ${mark}${options.has('-6') ? ' IPv6' : ''}`,
    fields: { protocol: 'FWM', fwmark: Number(mark) },
  };
}

/** Options that have fields of their own. */
const KNOWN: ReadonlySet<string> = new Set(['-A', '-t', '-u', '--sctp-service', '-f', '-s', '-p']);

function serviceOf(subject: Subject, options: Options, line: number): Omit<IpvsService, 'servers'> {
  const scheduler = options.get('-s');
  const seconds = options.get('-p');
  const flags = [...options].filter(([name]) => !KNOWN.has(name)).flat();
  return {
    ...subject,
    ...(scheduler === undefined ? {} : { scheduler }),
    isPersistent: seconds !== undefined,
    ...(seconds === undefined || !/^\d{1,10}$/.test(seconds) ? {} : { persistentSeconds: Number(seconds) }),
    flags: flags.filter((word) => word !== ''),
    counters: new Map(),
    line,
  };
}

const FORWARDS: readonly (readonly [string, NonNullable<IpvsServer['forward']>])[] = [
  ['-m', 'masq'],
  ['-g', 'route'],
  ['-i', 'tunnel'],
];

function serverOf(options: Options, line: number): IpvsServer | undefined {
  const endpoint = readEndpoint(options.get('-r') ?? '', false);
  if (endpoint === undefined) return undefined;
  const forward = FORWARDS.find(([option]) => options.has(option))?.[1];
  const weight = options.get('-w');
  return {
    ...endpoint,
    ...(forward === undefined ? {} : { forward }),
    ...(weight === undefined || !/^\d{1,10}$/.test(weight) ? {} : { weight: Number(weight) }),
    counters: new Map(),
    line,
  };
}
