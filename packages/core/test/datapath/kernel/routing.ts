import type { Part } from './plan.ts';
import type { Scene } from './scene.ts';

/** Policy routing, settings and states of links that change where packets go. Each line stands for itself. */
export function randomRouting(scene: Scene): readonly Part[] {
  const { at } = scene;
  const lines = [...rules(scene), ...routes(scene), ...settings(scene), ...links(scene)];
  return lines.map((text) => ({ at, tool: 'sh', table: '', text }));
}

/** An address to send to next: a neighbour on the network of the nodes. */
function gateway({ random, addresses, at, nodes }: Scene): string {
  return addresses.node(random.pick(nodes.filter((index) => at !== `n${index}`)));
}

function rules(scene: Scene): readonly string[] {
  const { random, addresses, interfaces, hosts, networks } = scene;
  const { option } = addresses;
  const lines: string[] = [];
  const some = (chance: number, ...texts: readonly string[]): void => {
    if (random.chance(chance)) lines.push(...texts.map((text) => `ip ${option} ${text}`));
  };
  some(0.4, `rule add ${random.pick(['', '', 'not '])}fwmark 0x1/0x1 lookup 100`);
  some(0.2, `rule add from ${random.pick(hosts)} lookup 101`, `route add throw default table 101`);
  some(
    0.2,
    `rule add lookup 102 suppress_prefixlength ${random.pick([0, addresses.family === 4 ? 8 : 32])}`,
    `route add ${addresses.allPods} via ${gateway(scene)} table 102`,
    `route add default via ${gateway(scene)} table 102`,
  );
  some(0.15, `rule add iif ${random.pick(interfaces)} lookup 100`);
  some(0.1, `rule add to ${random.pick(networks)} lookup 101 pref 200`);
  some(0.1, `rule add ipproto ${random.pick(['udp', 'tcp'])} dport 80 lookup 100`);
  some(
    0.06,
    `rule add from ${random.pick(hosts)} to ${random.pick(hosts)} ${random.pick(['unreachable', 'prohibit', 'blackhole'])}`,
  );
  some(0.05, `rule add pref 100 from ${random.pick(hosts)} goto 32766`);
  return lines;
}

function routes(scene: Scene): readonly string[] {
  const { random, addresses, hosts, networks, interfaces } = scene;
  const lines: string[] = [];
  const some = (chance: number, text: string): void => {
    // Of two that are alike the first stays.
    if (random.chance(chance)) lines.push(`ip ${addresses.option} ${text} || true`);
  };
  const dead = random.pick(['blackhole', 'unreachable', 'prohibit']);
  const device = random.pick(interfaces.filter((name) => name.startsWith('cali') || name === 'eth0'));
  some(
    0.6,
    `route add ${random.pick([`default via ${gateway(scene)}`, `${dead} ${random.pick(networks)}`, `${dead} default`, `${random.pick(hosts)} dev ${device}`])} table 100`,
  );
  some(0.3, `route add ${random.pick(networks)} via ${gateway(scene)} table 101`);
  some(0.15, `route add ${dead} ${random.pick(networks)}`);
  some(0.1, `route add ${dead} ${random.pick(networks)} metric 50`);
  some(0.5, `route add default via ${gateway(scene)}`);
  some(
    0.1,
    `route replace ${random.pick(networks)} nexthop via ${addresses.node(1)} nexthop via ${addresses.node(2)} weight 2`,
  );
  some(0.1, `route add default via ${gateway(scene)} metric 10 src ${random.pick(hosts)}`);
  some(0.06, `route del ${random.pick(hosts)}`);
  return lines;
}

const PER_DEVICE: readonly {
  readonly chance: number;
  readonly name: string;
  readonly values: readonly number[];
}[] = [
  { chance: 0.2, name: 'rp_filter', values: [0, 1, 2] },
  { chance: 0.08, name: 'route_localnet', values: [1] },
  { chance: 0.06, name: 'arp_ignore', values: [1] },
  { chance: 0.05, name: 'forwarding', values: [0] },
  { chance: 0.06, name: 'proxy_arp', values: [0, 1] },
  { chance: 0.06, name: 'accept_local', values: [1] },
  { chance: 0.06, name: 'src_valid_mark', values: [1] },
];

function settings({ random, addresses, interfaces }: Scene): readonly string[] {
  const lines: string[] = [];
  for (const device of ['all', ...interfaces]) {
    // sysctl takes a dot for a slash, and the other way round.
    const name = device.replace('.', '/');
    for (const setting of PER_DEVICE) {
      if (addresses.family === 6 && setting.name !== 'forwarding') continue;
      // This one turns all of them off, like ip_forward.
      if (device === 'all' && setting.name === 'forwarding' && !random.chance(0.2)) continue;
      if (random.chance(setting.chance)) {
        lines.push(
          `sysctl -qw net.${addresses.sysctl}.conf.${name}.${setting.name}=${random.pick(setting.values)}`,
        );
      }
    }
  }
  if (interfaces.includes('br0') && random.chance(0.2)) {
    lines.push(`sysctl -qw net.bridge.bridge-nf-call-ip${addresses.family === 4 ? '' : '6'}tables=0`);
  }
  return lines;
}

function links({ random, addresses, interfaces }: Scene): readonly string[] {
  const lines: string[] = [];
  for (const device of interfaces.filter((name) => name !== 'lo' && name !== 'eth0')) {
    if (random.chance(0.03)) lines.push(`ip link set ${device} down`);
    if (device.startsWith('veth') && random.chance(0.15))
      lines.push(`ip link set ${device} type bridge_slave hairpin on`);
    if (device !== 'vxlan.calico' && random.chance(0.06))
      lines.push(`ip link set ${device} mtu ${random.pick([1280, 1400])}`);
  }
  if (random.chance(0.1))
    lines.push(`ip addr add ${random.pick(addresses.services)}/${addresses.full} dev lo`);
  return lines;
}
