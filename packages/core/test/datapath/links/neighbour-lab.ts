import type { Family } from '../../../src/net/address.ts';
import { ask } from '../one-node.ts';
import { RealHosts } from './real-hosts.ts';

/** `sw` bridges between `a` and `b`, and forwards to `c`. */
const HOSTS = ['a', 'sw', 'b', 'c'] as const;
export type Host = (typeof HOSTS)[number];

/** Who sends to whom. */
const WAYS: readonly (readonly [Host, Host])[] = [
  ['a', 'b'],
  ['b', 'a'],
  ['a', 'sw'],
  ['sw', 'b'],
  ['a', 'c'],
];

const FORGET = HOSTS.map((name) => `ip -n @${name} neigh flush all`).join('\n');

/** What became of a datagram, and of another one in the opposite direction right behind it. */
type Outcome = readonly boolean[];

/** Hosts that know no neighbours when they begin to send, for rules that have a say about how they get to know them. */
export class NeighbourLab {
  readonly #hosts: RealHosts;
  readonly #family: Family;

  constructor(prefix: string, family: Family) {
    this.#family = family;
    const hosts = new RealHosts(prefix, HOSTS);
    this.#hosts = hosts;
    // Addresses are usable at once where nobody looks for duplicates of them.
    for (const name of HOSTS)
      hosts.run(name, 'sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0');
    hosts.connect('sw', 'pa', 'a', 'eth0');
    hosts.connect('sw', 'pb', 'b', 'eth0');
    hosts.connect('sw', 'out', 'c', 'eth0');
    hosts.run(
      'sw',
      `ip link add br0 type bridge mcast_snooping 0; ip link set br0 up; ip link set pa master br0; ip link set pb master br0
       ip addr add ${this.#address('sw')} dev br0; ip addr add ${this.#outer} dev out
       sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1`,
    );
    for (const name of ['a', 'b', 'c'] as const) {
      const gateway = (name === 'c' ? this.#outer : this.#address('sw')).replace(/\/.*/, '');
      hosts.run(
        name,
        `ip addr add ${this.#address(name)} dev eth0; ip ${family === 4 ? '' : '-6'} route add default via ${gateway}`,
      );
    }
    for (const name of HOSTS)
      hosts.run(
        name,
        'for f in /proc/sys/net/ipv[46]/neigh/*/; do echo 20 > $f/retrans_time_ms; echo 2 > $f/mcast_solicit; done',
      );
  }

  get #outer(): string {
    return this.#family === 4 ? '10.1.0.254/24' : 'fd01::fe/64';
  }

  #address(host: Host): string {
    return this.#family === 4
      ? { a: '10.0.0.1/24', b: '10.0.0.2/24', sw: '10.0.0.254/24', c: '10.1.0.3/24' }[host]
      : { a: 'fd00::1/64', b: 'fd00::2/64', sw: 'fd00::fe/64', c: 'fd01::3/64' }[host];
  }

  run(host: Host, script: string): void {
    this.#hosts.run(host, script);
  }

  /** Takes all rules away. */
  clear(): void {
    const script = `for table in raw mangle filter; do ip6tables-legacy -t $table -F; done
      ip6tables-legacy -P INPUT ACCEPT; ip6tables-legacy -P OUTPUT ACCEPT; nft flush ruleset`;
    this.#hosts.runOutside(HOSTS.map((name) => `ip netns exec @${name} sh -c '${script}'`).join('\n'));
  }

  remove(): void {
    this.#hosts.remove();
  }

  /** What the kernel does on every way, and what the walk says. */
  async compare(): Promise<{ readonly expected: readonly Outcome[]; readonly found: readonly Outcome[] }> {
    this.#hosts.runOutside(FORGET);
    const files = this.#collect();
    const expected: Outcome[] = [];
    const found: Outcome[] = [];
    for (const [from, to] of WAYS) {
      expected.push(this.#send(from, to));
      found.push(await this.#ask(files, from, to));
    }
    return { expected, found };
  }

  #send(from: Host, to: Host): Outcome {
    const [address, back] = [to, from].map((host) => this.#address(host).split('/')[0]);
    const printed = this.#hosts.runOutside(
      `${FORGET}
       arrived() { ip netns exec @$1 awk '/Udp6NoPorts/ { n += $2 } /^Udp: [0-9]/ { n += $3 } END { print n }' /proc/net/snmp /proc/net/snmp6; }
       send() {
         before=$(arrived $2); ip netns exec @$1 bash -c "echo x > /dev/udp/$3/9" 2>/dev/null || true
         for try in 1 2 3 4 5 6 7 8; do
           if [ $(arrived $2) -gt $before ]; then echo yes; return; fi
           sleep 0.01
         done
         echo no
       }
       send ${from} ${to} ${address}; send ${to} ${from} ${back}`,
    );
    const [there, behind] = printed.trim().split('\n');
    return there === 'yes' ? [true, behind === 'yes'] : [false];
  }

  /** The evidence as that of one node with the other hosts as namespaces of pods. */
  #collect(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.#hosts.collect()).map(([file, text]) => [
        file.replace('nodes/sw/', 'nodes/n1/').replace(/^nodes\/([abc])\//, 'nodes/n1/netns/default_$1/'),
        text,
      ]),
    );
  }

  async #ask(files: Record<string, string>, from: Host, to: Host): Promise<Outcome> {
    const [address] = this.#address(to).split('/');
    const { paths, notModelled } = await ask(
      files,
      {
        from: from === 'sw' ? 'node/n1' : `pod/default/${from}`,
        to: this.#family === 4 ? `${address}:9` : `[${address}]:9`,
        protocol: 'udp',
        sourcePort: 9,
      },
      { withReply: true },
    );
    const open = notModelled.map(({ text }) => text).join(', ');
    if (open !== '') throw new Error(`not modelled from ${from} to ${to}: ${open}`);
    const [path] = paths;
    return path?.disposition === 'delivered' ? [true, path.reply?.disposition === 'delivered'] : [false];
  }
}
