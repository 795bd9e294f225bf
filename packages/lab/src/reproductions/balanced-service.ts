import type { TestBed } from './test-bed.ts';

export const SERVICE = '10.96.0.1';
export const PORT = 80;

/** A node that balances a service by IPVS as kube-proxy sets it up, a client, and servers by their names. */
export async function buildBalancedService(
  bed: TestBed,
  settings: Readonly<Record<string, number>>,
  servers: readonly string[],
): Promise<string | undefined> {
  await bed.add('node', 'client', ...servers);
  await bed.join('client', 'eth0', 'node', 'client');
  await bed.run(
    'node',
    'ip addr add 10.1.0.1/24 dev client; ip link set client up; sysctl -qw net.ipv4.ip_forward=1',
  );
  await bed.run(
    'client',
    'ip addr add 10.1.0.2/24 dev eth0; ip link set eth0 up; ip route add default via 10.1.0.1',
  );
  const isBalanced = await bed.try(
    'node',
    `ip link add kube-ipvs0 type dummy; ip addr add ${SERVICE}/32 dev kube-ipvs0; ipvsadm -A -t ${SERVICE}:${PORT} -s rr`,
  );
  if (isBalanced === undefined) return 'the kernel has no IPVS with round robin, or no dummy devices';
  const words = Object.entries({ conntrack: 1, ...settings }).map(
    ([name, value]) => `net.ipv4.vs.${name}=${value}`,
  );
  if ((await bed.try('node', `sysctl -qw ${words.join(' ')}`)) === undefined) {
    return `the kernel does not have all of ${Object.keys(settings).join(', ')} below net.ipv4.vs`;
  }
  // Without a rule that needs it, connections are not tracked in this namespace.
  await bed.run('node', 'iptables-nft -t nat -A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE');
  for (const [index, server] of servers.entries()) {
    await bed.join(server, 'eth0', 'node', server);
    await bed.run(
      'node',
      `ip addr add 10.2.${index}.1/24 dev ${server}; ip link set ${server} up
       ipvsadm -a -t ${SERVICE}:${PORT} -r ${serverAddress(index)}:${PORT} -m -w 1`,
    );
    await bed.run(
      server,
      `ip addr add ${serverAddress(index)}/24 dev eth0; ip link set eth0 up; ip route add default via 10.2.${index}.1`,
    );
    await bed.serve(server, PORT);
  }
  return undefined;
}

export function serverAddress(index: number): string {
  return `10.2.${index}.2`;
}
