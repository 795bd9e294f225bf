import { familyOf } from '../iproute2/address.ts';
import type { Draft } from '../iproute2/defined.ts';
import type { SharedLines } from '../iproute2/shared-lines.ts';
import { Words } from '../iproute2/words.ts';
import type { ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject, toCount } from '../tool-output/index.ts';
import { finishRoute, type RouteDraft, setGateway } from './draft.ts';
import { type NextHop, ROUTE_FLAGS, ROUTE_TYPES, type Route } from './route.ts';

/** Attributes with a value that are kept. */
const ATTRIBUTES: Readonly<Record<string, (route: RouteDraft, value: string) => void>> = {
  dev: (route, value) => {
    route.device = value;
  },
  table: (route, value) => {
    route.table = value;
  },
  proto: (route, value) => {
    route.protocol = value;
  },
  scope: (route, value) => {
    route.scope = value;
    // IPv6 routes know no scope; detailed output calls theirs global.
    if (value !== 'global') route.hint ??= 4;
  },
  src: (route, value) => {
    route.source = value;
  },
  from: (route, value) => {
    route.from = value;
  },
  tos: (route, value) => {
    route.tos = value;
  },
  metric: (route, value) => {
    const metric = toCount(value);
    if (metric !== undefined) route.metric = metric;
  },
  mtu: (route, value) => {
    const mtu = toCount(value);
    if (mtu !== undefined) route.mtu = mtu;
  },
  nhid: (route, value) => {
    const id = toCount(value);
    if (id !== undefined) route.nextHopId = id;
  },
  pref: (route) => {
    route.hint ??= 6;
  },
  error: (route) => {
    route.hint ??= 6;
  },
};

/** Attributes with a value that are not kept. */
const PASSED_OVER = new Set(
  'window rtt rttvar ssthresh cwnd initcwnd initrwnd advmss reordering hoplimit features rto_min quickack congctl fastopen_no_cookie users age used expires realm realms iif uid ttl-propagate as'.split(
    ' ',
  ),
);

/** A route of a line that says all about it, or a draft of any other one. */
type ReadRoute = Route | RouteDraft;

/** The routes of `ip route` in text form; those of lines that say all are taken from `lines`. */
export function readRoutes(text: string, lines: SharedLines, problems: ProblemLog): readonly ReadRoute[] {
  const routes: ReadRoute[] = [];
  /** The last route, to which indented lines belong. */
  let last: { readonly content: string; readonly line: number; draft: RouteDraft | undefined } | undefined;
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    if (!/^\s/.test(content)) {
      const whole = lines.record(content, line, (own) => wholeRoute(own, line));
      const draft = typeof whole === 'string' ? readLine(content, line, problems) : undefined;
      const route = typeof whole === 'string' ? draft : whole;
      last = route === undefined ? undefined : { content, line, draft };
      if (route !== undefined) routes.push(route);
    } else if (last === undefined) problems.add({ line }, 'belongs to no route', content);
    else {
      const { draft = readLine(last.content, last.line, problems) } = last;
      last.draft = draft;
      if (draft === undefined) continue;
      routes[routes.length - 1] = draft;
      report(problems, line, content, readContinuation(new Words(content), draft));
    }
  }
  return routes;
}

/** The route of a line that names its own family and holds nothing unknown; else why it is not one. */
function wholeRoute(content: string, line: number): Route | string {
  const words = new Words(content);
  const draft = readStart(words, line);
  if (draft === undefined || draft.destination === 'default') return 'no prefix of its own';
  return readAttributes(words, draft) ?? finishRoute(draft, undefined) ?? 'no prefix';
}

function readLine(content: string, line: number, problems: ProblemLog): RouteDraft | undefined {
  const words = new Words(content);
  const route = readStart(words, line);
  if (route === undefined)
    reject(problems, { line }, 'expected a route, as in "10.0.0.0/8 via 10.1.0.1"', content);
  else report(problems, line, content, readAttributes(words, route));
  return route;
}

function report(problems: ProblemLog, line: number, content: string, unknown: string | undefined): void {
  if (unknown !== undefined) problems.add({ line }, `unknown word "${unknown.slice(0, 40)}"`, content);
}

function readStart(words: Words, line: number): RouteDraft | undefined {
  const type = words.take(...ROUTE_TYPES) ?? 'unicast';
  const destination = words.next();
  if (destination === undefined || (destination !== 'default' && familyOf(destination) === undefined))
    return undefined;
  return { line, type, destination, table: 'main', flags: [], nextHops: [] };
}

/** An indented line: a way of a multipath route, or more of an entry of the old IPv6 route cache. */
function readContinuation(words: Words, route: RouteDraft): string | undefined {
  const word = words.next();
  if (word === 'nexthop') return readNextHop(words, route);
  if (word === 'cache') {
    route.flags.push('cache');
    return readAttributes(words, route);
  }
  // Details repeat the nexthop object; the ways themselves follow on lines of their own.
  return word === 'nh_info' ? undefined : word;
}

/** Reads the rest of the line; returns the first word that is unknown and leaves what follows it. */
function readAttributes(words: Words, route: RouteDraft): string | undefined {
  for (let word = words.next(); word !== undefined; word = words.next()) {
    const attribute = Object.hasOwn(ATTRIBUTES, word) ? ATTRIBUTES[word] : undefined;
    if (word === 'via') readGateway(words, route, route);
    else if (word === 'encap') readEncap(words, route);
    else if (attribute !== undefined || PASSED_OVER.has(word)) {
      words.take('lock');
      const value = words.next();
      if (value === undefined) return word;
      attribute?.(route, value);
    } else if (ROUTE_FLAGS.has(word)) route.flags.push(word);
    else if (!/^<.*>$/.test(word)) return word;
  }
  return undefined;
}

function readNextHop(words: Words, route: RouteDraft): string | undefined {
  const flags: string[] = [];
  const hop: Draft<NextHop> = { flags };
  let unknown: string | undefined;
  for (let word = words.next(); word !== undefined && unknown === undefined; word = words.next()) {
    if (word === 'via') readGateway(words, route, hop);
    else if (word === 'encap') readEncap(words, route);
    else if (word === 'dev') hop.device = words.next() ?? '';
    else if (word === 'weight') hop.weight = toCount(words.next()) ?? 1;
    else if (PASSED_OVER.has(word)) words.next();
    else if (ROUTE_FLAGS.has(word)) flags.push(word);
    else unknown = word;
  }
  route.nextHops.push(hop);
  return unknown;
}

function readGateway(words: Words, route: RouteDraft, hop: { gateway?: string }): void {
  const named = words.take('inet', 'inet6');
  const gateway = words.next();
  if (gateway !== undefined) setGateway(route, hop, gateway, named !== undefined);
}

/** Passes over the words of the tunnel, which may be any, up to the way it leaves by. */
function readEncap(words: Words, route: RouteDraft): void {
  const kind = words.next();
  if (kind !== undefined) route.encap = kind;
  for (let word = words.peek(); word !== undefined && word !== 'via' && word !== 'dev'; word = words.peek())
    words.next();
}
