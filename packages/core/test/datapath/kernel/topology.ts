import { execFileSync } from 'node:child_process';

/** Names of the namespaces of a lab, without its prefix. `n…` are nodes, the others pods on them. */
export const NODES = ['n1', 'n2'] as const;
export const PODS = { p1: 'n1', p2: 'n1', b1: 'n1', b2: 'n1', q1: 'n2', m1: 'n2' } as const;
export const NAMESPACES = [...NODES, 'p1', 'p2', 'b1', 'b2', 'q1', 'm1'] as const;
export type Name = (typeof NAMESPACES)[number];

/** The address that packets of a namespace come from. */
export const ADDRESS: Readonly<Record<Name, string>> = {
  n1: '192.168.50.1',
  n2: '192.168.50.2',
  p1: '10.244.1.10',
  p2: '10.244.1.11',
  b1: '10.244.3.10',
  b2: '10.244.3.11',
  q1: '10.244.2.10',
  m1: '192.168.50.30',
};

/** Runs commands in a namespace of the lab; throws where one fails. */
export function run(prefix: string, name: Name, script: string): string {
  return execFileSync('ip', ['netns', 'exec', `${prefix}${name}`, 'sh', '-e', '-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A Calico-like pod: one address, and everything by way of a gateway that only proxy ARP answers for. */
function routedPod(prefix: string, pod: Name, node: Name): void {
  const device = `cali${pod}`;
  execFileSync('ip', [
    ...`link add ${device} netns ${prefix}${node} type veth peer name eth0 netns ${prefix}${pod}`.split(' '),
  ]);
  run(
    prefix,
    pod,
    `ip link set lo up; ip link set eth0 up; ip addr add ${ADDRESS[pod]}/32 dev eth0
     ip route add 169.254.1.1 dev eth0 scope link; ip route add default via 169.254.1.1 dev eth0`,
  );
  run(
    prefix,
    node,
    `ip link set ${device} address ee:ee:ee:ee:ee:ee up; ip route add ${ADDRESS[pod]} dev ${device} scope link
     sysctl -qw net.ipv4.conf.${device}.proxy_arp=1 net.ipv4.neigh.${device}.proxy_delay=0`,
  );
}

/** A pod on a bridge. */
function bridgedPod(prefix: string, pod: Name, node: Name): void {
  const device = `veth${pod}`;
  execFileSync('ip', [
    ...`link add ${device} netns ${prefix}${node} type veth peer name eth0 netns ${prefix}${pod}`.split(' '),
  ]);
  run(prefix, node, `ip link set ${device} master br0 up`);
  run(
    prefix,
    pod,
    `ip link set lo up; ip link set eth0 up; ip addr add ${ADDRESS[pod]}/24 dev eth0; ip route add default via 10.244.3.1`,
  );
}

/** A pod with an interface of its own on the network of the nodes, as Spiderpool makes them. */
function underlayPod(prefix: string, pod: Name, node: Name): void {
  execFileSync('ip', [
    ...`-n ${prefix}${node} link add eth0 netns ${prefix}${pod} link eth0 type macvlan mode bridge`.split(
      ' ',
    ),
  ]);
  run(
    prefix,
    pod,
    `ip link set lo up; ip link set eth0 up; ip addr add ${ADDRESS[pod]}/24 dev eth0; ip route add default via ${ADDRESS.n1}`,
  );
}

/** Builds two nodes with their pods. The namespaces all begin with `prefix`. */
export function buildLab(prefix: string, isTunnelled: boolean): void {
  for (const name of NAMESPACES) execFileSync('ip', ['netns', 'add', `${prefix}${name}`]);
  execFileSync('ip', `link add eth0 netns ${prefix}n1 type veth peer name eth0 netns ${prefix}n2`.split(' '));
  for (const node of NODES) {
    run(
      prefix,
      node,
      `ip link set lo up; ip link set eth0 up; ip addr add ${ADDRESS[node]}/24 dev eth0
       sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0`,
    );
  }
  run(prefix, 'n1', 'ip link add br0 type bridge; ip link set br0 up; ip addr add 10.244.3.1/24 dev br0');
  routedPod(prefix, 'p1', 'n1');
  routedPod(prefix, 'p2', 'n1');
  bridgedPod(prefix, 'b1', 'n1');
  bridgedPod(prefix, 'b2', 'n1');
  routedPod(prefix, 'q1', 'n2');
  underlayPod(prefix, 'm1', 'n2');
  if (isTunnelled) tunnel(prefix);
  else {
    run(prefix, 'n1', 'ip route add 10.244.2.0/24 via 192.168.50.2');
    run(
      prefix,
      'n2',
      'ip route add 10.244.1.0/24 via 192.168.50.1; ip route add 10.244.3.0/24 via 192.168.50.1',
    );
  }
}

function tunnel(prefix: string): void {
  const ends = {
    n1: { own: '10.244.1.0', far: '10.244.2.0', mac: '66:00:00:00:00:01', farMac: '66:00:00:00:00:02' },
    n2: { own: '10.244.2.0', far: '10.244.1.0', mac: '66:00:00:00:00:02', farMac: '66:00:00:00:00:01' },
  };
  for (const [node, other] of [
    ['n1', 'n2'],
    ['n2', 'n1'],
  ] as const) {
    const { own, far, mac, farMac } = ends[node];
    run(
      prefix,
      node,
      `ip link add vxlan.calico address ${mac} mtu 1450 type vxlan id 4096 dstport 4789 local ${ADDRESS[node]} dev eth0 nolearning
       ip link set vxlan.calico up; ip addr add ${own}/32 dev vxlan.calico
       ip neigh add ${far} lladdr ${farMac} dev vxlan.calico nud permanent
       bridge fdb add ${farMac} dev vxlan.calico dst ${ADDRESS[other]}
       ip route add ${far}/24 via ${far} dev vxlan.calico onlink`,
    );
  }
  run(prefix, 'n2', 'ip route add 10.244.3.0/24 via 10.244.1.0 dev vxlan.calico onlink');
}

/** Removes all namespaces that begin with `prefix`, as far as they are there. */
export function removeLab(prefix: string): void {
  for (const name of NAMESPACES) {
    try {
      execFileSync('ip', ['netns', 'del', `${prefix}${name}`], { stdio: 'ignore' });
    } catch {
      // It was not built.
    }
  }
}
