import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';
import { scaledCount } from '../scaled-count.ts';
import { readEndpoint } from './endpoint.ts';
import type { Ipvs, IpvsServer, IpvsService } from './types.ts';

const LINE_LIMIT = 10_000;

/**
 * Reads `ipvsadm -Ln`, with or without `--stats`, `--rate` and `--thresholds`, and `/proc/net/ip_vs`:
 *
 * ```text
 * IP Virtual Server version 1.2.1 (size=4096)
 * Prot LocalAddress:Port Scheduler Flags
 *   -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
 * TCP  10.102.128.4:3080 rr persistent 10800
 *   -> 10.244.0.235:8080            Masq    1      0          0
 *   → { protocol: 'TCP', address: '10.102.128.4', port: 3080, scheduler: 'rr', persistentSeconds: 10800, …,
 *       servers: [{ address: '10.244.0.235', port: 8080, forward: 'masq', weight: 1, activeConnections: 0, … }] }
 * ```
 *
 * Listings with names instead of numbers (without `-n`) are not understood.
 */
export function parseIpvsList(text: string): Parsed<Ipvs> {
  const problems = new ProblemLog();
  const services: (IpvsService & { readonly servers: IpvsServer[] })[] = [];
  let servers: IpvsServer[] | undefined;
  let columns = DEFAULT_COLUMNS;
  let heading: Pick<Ipvs, 'version' | 'connectionTableSize'> = {};
  for (const { number: line, text: content } of readableLinesOf(text, problems)) {
    const words = content.length > LINE_LIMIT ? [] : content.trim().split(/\s+/);
    const [first = '', second = ''] = words;
    const version = first === 'IP' ? /^IP Virtual Server version (\S+) \(size=(\d+)\)/.exec(content) : null;
    if (version !== null) {
      heading = { version: version[1] ?? '', connectionTableSize: Number(version[2]) };
    } else if (second.startsWith('LocalAddress:')) {
      columns = { ...columns, service: words.slice(2) };
    } else if (first === '->' && second.startsWith('RemoteAddress:')) {
      columns = { ...columns, server: words.slice(2) };
    } else if (first === '->') {
      const server = readServer(words, line, columns);
      if (server === undefined) problems.add({ line }, 'expected "-> ADDRESS:PORT …" with numbers', content);
      else if (servers === undefined) problems.add({ line }, 'a server before any service', content);
      else servers.push(server);
    } else {
      const service = readService(words, line, columns);
      // The servers of a service that was not understood must not become those of the service before it.
      servers = [];
      if (service === undefined)
        problems.add({ line }, 'expected "TCP ADDRESS:PORT SCHEDULER …" with numbers', content);
      else services.push({ ...service, servers });
    }
  }
  return { value: { ...heading, services }, problems: problems.list() };
}

interface Columns {
  readonly service: readonly string[];
  readonly server: readonly string[];
}

/** What `ipvsadm -Ln` prints; used until a heading says otherwise. */
const DEFAULT_COLUMNS: Columns = {
  service: ['Scheduler', 'Flags'],
  server: ['Forward', 'Weight', 'ActiveConn', 'InActConn'],
};

const PROTOCOLS: ReadonlyMap<string, IpvsService['protocol']> = new Map([
  ['TCP', 'TCP'],
  ['UDP', 'UDP'],
  ['SCTP', 'SCTP'],
  ['FWM', 'FWM'],
]);

function readService(
  words: readonly string[],
  line: number,
  columns: Columns,
): Omit<IpvsService, 'servers'> | undefined {
  const [name = '', where = '', ...rest] = words;
  const protocol = PROTOCOLS.get(name);
  if (protocol === undefined) return undefined;
  const isHexadecimal = isProcForm(where);
  const subject = protocol === 'FWM' ? readMark(where, isHexadecimal) : readEndpoint(where, isHexadecimal);
  if (subject === undefined) return undefined;
  // A service by mark has no address that would tell its family.
  const family = rest[0] === 'IPv6' ? ['IPv6'] : [];
  const [scheduler, ...flags] = rest.slice(family.length);
  if (scheduler === undefined) return undefined;
  if (scaledCount(scheduler) !== undefined) {
    // Listings with counters have them in the place of scheduler and flags.
    const counters = readCounters(rest.slice(family.length), columns.service);
    return counters && { protocol, ...subject, isPersistent: false, flags: family, counters, line };
  }
  const persistent = flags.indexOf('persistent');
  const seconds = persistent < 0 || isHexadecimal ? undefined : scaledCount(flags[persistent + 1]);
  return {
    protocol,
    ...subject,
    scheduler,
    isPersistent: persistent >= 0,
    ...(seconds === undefined ? {} : { persistentSeconds: seconds }),
    flags: [...family, ...flags],
    counters: new Map(),
    line,
  };
}

/** `/proc/net/ip_vs` writes addresses, ports and marks in fixed-width hexadecimal. */
function isProcForm(where: string): boolean {
  return /^(?:[0-9A-F]{8}(?::[0-9A-F]{4})?|\[(?:[0-9a-f]{4}:){7}[0-9a-f]{4}\]:[0-9A-F]{4})$/.test(where);
}

function readMark(text: string, isHexadecimal: boolean): { readonly fwmark: number } | undefined {
  const mark = isHexadecimal ? Number.parseInt(text, 16) : scaledCount(text);
  return mark === undefined ? undefined : { fwmark: mark };
}

const FORWARDS: ReadonlyMap<string, NonNullable<IpvsServer['forward']>> = new Map([
  ['Masq', 'masq'],
  ['Route', 'route'],
  ['Tunnel', 'tunnel'],
  ['Local', 'local'],
  ['Bypass', 'bypass'],
]);

function readServer(words: readonly string[], line: number, columns: Columns): IpvsServer | undefined {
  const [, where = '', ...rest] = words;
  const endpoint = readEndpoint(where, isProcForm(where));
  if (endpoint === undefined) return undefined;
  const names = columns.server.length === 0 ? columns.service : columns.server;
  const forward = names[0] === 'Forward' ? FORWARDS.get(rest[0] ?? '') : undefined;
  if (names[0] === 'Forward' && forward === undefined) return undefined;
  const counters =
    forward === undefined ? readCounters(rest, names) : readCounters(rest.slice(1), names.slice(1));
  if (counters === undefined) return undefined;
  const { Weight: weight, ActiveConn: active, InActConn: inactive, ...others } = Object.fromEntries(counters);
  return {
    ...endpoint,
    ...(forward === undefined ? {} : { forward }),
    ...(weight === undefined ? {} : { weight }),
    ...(active === undefined ? {} : { activeConnections: active }),
    ...(inactive === undefined ? {} : { inactiveConnections: inactive }),
    counters: new Map(Object.entries(others)),
    line,
  };
}

/** The numbers of a line under their headings; undefined when one of them is missing or is not a number. */
function readCounters(
  words: readonly string[],
  names: readonly string[],
): ReadonlyMap<string, number> | undefined {
  const counters = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const count = scaledCount(words[index]);
    if (count === undefined) return undefined;
    counters.set(name, count);
  }
  return counters;
}
