import { execFileSync } from 'node:child_process';

/** Uses everything that a lab needs. */
const TRY = `iptables-legacy -t nat -S; iptables-nft -t nat -S; ip6tables-legacy -t nat -S; ip6tables-nft -t nat -S
  nft list ruleset; ipset list; perl -MSocket -e 1
  ip link add v0 type veth peer name v1; ip link add b0 type bridge; ip link add x0 type vxlan id 1 dstport 4789
  ip link add m0 link v0 type macvlan mode bridge
  sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1`;

/** Why the kernel can not be asked here; undefined where it can. Makes a namespace of this name and removes it. */
export function whyNot(name: string): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  const ip = (...words: readonly string[]): void => {
    execFileSync('ip', words, { stdio: 'ignore' });
  };
  try {
    ip('netns', 'add', name);
  } catch {
    return 'needs ip and network namespaces';
  }
  try {
    ip('netns', 'exec', name, 'sh', '-e', '-c', TRY);
    return undefined;
  } catch {
    return 'needs perl, iptables-legacy, iptables-nft, nft, ipset and a kernel with them, veth, bridge, macvlan and VXLAN';
  } finally {
    ip('netns', 'del', name);
  }
}
