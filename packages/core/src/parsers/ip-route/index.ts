import { jsonRecords, stringField } from '../iproute2/json.ts';
import { SharedLines } from '../iproute2/shared-lines.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { finishRoutes } from './draft.ts';
import { routeFromJson } from './json.ts';
import { firstDestinations } from './raw-destination.ts';
import type { Route } from './route.ts';
import { readRoutes } from './text.ts';

export type { NextHop, Route } from './route.ts';

/**
 * Reads `ip route`, for one table or `table all`, with or without `-d`.
 *
 * ```text
 * default via 10.0.2.2 dev enp0s3 proto dhcp metric 100
 * blackhole 10.244.1.64/26 proto bird
 * 10.20.0.0/16 proto zebra
 * 	nexthop via 192.168.50.1 dev eth0 weight 3
 * 	nexthop via 10.244.1.9 dev cni0 weight 1
 * ```
 * gives three routes, the first `{ family: 4, type: 'unicast', destination: '0.0.0.0/0', isDefault: true, gateway:
 * '10.0.2.2', device: 'enp0s3', protocol: 'dhcp', metric: 100, table: 'main', line: 1, … }`, the last with two `nextHops`.
 * `family` is what the command asked for; it decides only where a line does not show its family. Texts read with the same `lines`
 * share records.
 */
export function parseIpRoute(
  text: string,
  family?: 4 | 6,
  lines: SharedLines = new SharedLines(),
): Parsed<readonly Route[]> {
  const problems = new ProblemLog();
  const value = finishRoutes(readRoutes(text, lines, problems), family, problems);
  return { value, problems: problems.list() };
}

/** Reads `ip -j route`: the same records as {@link parseIpRoute}, with `pointer` for `line`. */
export function parseIpRouteJson(text: string, family?: 4 | 6): Parsed<readonly Route[]> {
  const problems = new ProblemLog();
  const records = jsonRecords(text, problems);
  let printed: readonly (string | undefined)[] | undefined;
  const drafts = records.flatMap((record) => {
    let destination = stringField(record.fields, 'dst');
    if (['ip', 'ip6'].includes(stringField(record.fields, 'encap') ?? '')) {
      printed ??= firstDestinations(text);
      destination = printed[Number(record.pointer.slice(1))];
    }
    return routeFromJson(record, destination, problems) ?? [];
  });
  return { value: finishRoutes(drafts, family, problems), problems: problems.list() };
}
