import { execFileSync } from 'node:child_process';
import type { LabPlan, Part, Place } from './plan.ts';

const SWITCH = 'sw';

/** Runs commands in a namespace of the lab; throws where one fails. */
export function run(prefix: string, at: string, script: string, input = ''): string {
  return execFileSync('ip', ['netns', 'exec', `${prefix}${at}`, 'sh', '-e', '-c', script], {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Builds a lab. The names of its namespaces all begin with `prefix`. Throws where something can not be set up. */
export function buildLab(prefix: string, plan: LabPlan): void {
  const names = plan.places.map(({ name }) => name);
  const nodes = plan.places.filter(({ name, node }) => name === node);
  const host = [...names, ...(plan.hasSwitch ? [SWITCH] : [])].map((name) => `ip netns add @${name}`);
  host.push(...cables(nodes, plan.hasSwitch), ...plan.places.flatMap(({ links }) => links));
  const script = host.join('\n').replaceAll('@', prefix);
  execFileSync('sh', ['-e', '-c', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  if (plan.hasSwitch) {
    const ports = nodes.map(({ name }) => `ip link set ${name} master br0 up`).join('\n');
    run(prefix, SWITCH, `ip link add br0 type bridge mcast_snooping 0; ip link set br0 up\n${ports}`);
  }
  for (const { at, script } of plan.places.flatMap(({ setup }) => setup)) run(prefix, at, script);
  for (const batch of batches(plan.parts)) apply(prefix, batch);
}

function cables(nodes: readonly Place[], hasSwitch: boolean): readonly string[] {
  if (!hasSwitch && nodes.length === 2) {
    const [left, right] = nodes;
    return [`ip link add eth0 netns @${left?.name} type veth peer name eth0 netns @${right?.name}`];
  }
  return nodes.map(
    ({ name }) =>
      `ip link add ${hasSwitch ? name : 'sw0'} netns @${hasSwitch ? SWITCH : name} type veth peer name eth0 netns @${name}`,
  );
}

/** Parts that one run of their tool can read together. */
function batches(parts: readonly Part[]): readonly (readonly [Part, ...Part[]])[] {
  const found: [Part, ...Part[]][] = [];
  for (const part of parts) {
    const known = found.find(([{ at, tool }]) => at === part.at && tool === part.tool);
    if (known === undefined) found.push([part]);
    else known.push(part);
  }
  return found;
}

function apply(prefix: string, batch: readonly [Part, ...Part[]]): void {
  const [{ at, tool }] = batch;
  const lines = batch.map(({ text }) => text);
  if (tool === 'sh') run(prefix, at, lines.join('\n'));
  else if (tool === 'ipset') run(prefix, at, 'ipset restore', `${lines.join('\n')}\n`);
  else if (tool === 'nft') run(prefix, at, 'nft -f -', `${lines.join('\n')}\n`);
  else run(prefix, at, `${tool}-restore`, restoreText(batch));
}

/** Whom a host knows of its neighbours depends on the packets before, and each is walked by itself: rules of a lab let neighbour discovery pass. */
const DISCOVERY = ['135', '136'].map((type) => `-p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j ACCEPT`);

/** Rules by table, declarations of chains before rules, as `iptables-restore` reads them. */
function restoreText(batch: readonly Part[]): string {
  const tables = new Map<string, string[]>();
  for (const { table, text, tool } of batch) {
    const lines = tables.get(table) ?? [];
    const declared = /^:([A-Z]+) (?:ACCEPT|DROP)/.exec(text)?.[1];
    const first = tool.startsWith('ip6') && declared !== undefined && table !== 'nat' ? DISCOVERY : [];
    const added = [text, ...first.map((rule) => `-A ${declared} ${rule}`)];
    tables.set(table, text.startsWith(':') ? [...added, ...lines] : [...lines, text]);
  }
  return [...tables].map(([table, lines]) => [`*${table}`, ...lines, 'COMMIT', ''].join('\n')).join('');
}

/** Removes what is left of a lab. */
export function removeLab(prefix: string): void {
  const listed = execFileSync('ip', ['netns', 'list'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const names = listed.split('\n').flatMap((line) => {
    const [name = ''] = line.split(' ');
    return name.startsWith(prefix) ? [`netns del ${name}`] : [];
  });
  if (names.length > 0) execFileSync('ip', ['-batch', '-'], { input: names.join('\n') });
}
