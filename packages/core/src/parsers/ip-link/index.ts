import { jsonRecords } from '../iproute2/json.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { wordsOf } from '../tool-output/index.ts';
import { linkFromJson } from './json.ts';
import type { Link } from './link.ts';
import { readLinks } from './text.ts';

export type { Link, LinkAttributes, LinkValue } from './link.ts';

/**
 * Reads `ip link` (with `-d` for kinds, with or without `-s`, also of busybox).
 *
 * ```text
 * 6: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN mode DEFAULT group default
 *     link/ether 62:ac:e1:d3:7e:db brd ff:ff:ff:ff:ff:ff promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535
 *     vxlan id 1 local 192.168.0.2 dev eth1 srcport 0 0 dstport 8472 nolearning ttl auto ageing 300 udpcsum
 * ```
 * gives `{ index: 6, name: 'flannel.1', mtu: 1450, kind: 'vxlan', details: { id: 1, local: '192.168.0.2', dev: 'eth1',
 * dstport: 8472, learning: false, udpcsum: true, … }, line: 1, … }`. Addresses, as `ip addr` adds them, are passed over.
 */
export function parseIpLink(text: string): Parsed<readonly Link[]> {
  const problems = new ProblemLog();
  const value = readLinks(text, problems, (_, line) =>
    ['inet', 'inet6', 'valid_lft'].includes(wordsOf(line.text)[0] ?? ''),
  );
  return { value, problems: problems.list() };
}

/** Reads `ip -j link` (with `-d` for kinds): the same records as {@link parseIpLink}, with `pointer` for `line`. */
export function parseIpLinkJson(text: string): Parsed<readonly Link[]> {
  const problems = new ProblemLog();
  const value = jsonRecords(text, problems).flatMap((record) => linkFromJson(record, problems) ?? []);
  return { value, problems: problems.list() };
}
