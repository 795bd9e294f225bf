import { execFileSync } from 'node:child_process';

/** What is read of a host, as the probes read it. */
const COMMANDS: Readonly<Record<string, string>> = {
  'ip-link.json': 'ip -d -j link',
  'ip-addr.json': 'ip -j addr',
  'ip-route.txt': 'ip route show table all',
  'ip-rule.txt': 'ip rule',
  'ip-neigh.txt': 'ip neigh',
  'ip6-route.txt': 'ip -6 route show table all',
  'ip6-rule.txt': 'ip -6 rule',
  'ip6-neigh.txt': 'ip -6 neigh',
  'ip6tables-legacy-save.txt': 'ip6tables-legacy-save',
  'ip6tables-nft-save.txt': 'ip6tables-nft-save 2>/dev/null',
  'nft-ruleset.txt': 'nft list ruleset',
  'sysctl.txt': 'sysctl -a 2>/dev/null | grep -E "^net.(ipv4.(ip_forward|conf)|ipv6.conf|bridge)"',
};

/** Stands between what two commands print. */
const BREAK = '====';

/** Hosts in network namespaces of the running kernel, for what one cable shows. */
export class RealHosts {
  readonly #prefix: string;
  readonly #names: readonly string[];

  /** Builds hosts of these names, whose namespaces begin with the prefix. */
  constructor(prefix: string, names: readonly string[]) {
    this.#prefix = prefix;
    this.#names = names;
    for (const name of names) {
      ip('netns', 'add', `${prefix}${name}`);
      this.run(name, 'ip link set lo up');
    }
  }

  /** Lays a cable between interfaces of two hosts. */
  connect(from: string, device: string, to: string, other: string): void {
    const words = `link add ${device} netns ${this.#prefix}${from} type veth peer name ${other} netns ${this.#prefix}${to}`;
    ip(...words.split(' '));
    this.run(from, `ip link set ${device} up`);
    this.run(to, `ip link set ${other} up`);
  }

  /** Runs commands in a host; throws where one fails. */
  run(name: string, script: string): string {
    return execFileSync('ip', ['netns', 'exec', `${this.#prefix}${name}`, 'bash', '-e', '-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs commands outside of all hosts, in which `@name` stands for the namespace of that name; throws where one fails. */
  runOutside(script: string): string {
    return execFileSync('bash', ['-e', '-c', script.replaceAll('@', this.#prefix)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** The evidence of all hosts, as nodes of a cluster. */
  collect(): Record<string, string> {
    const files: Record<string, string> = {};
    for (const name of this.#names) {
      const script = Object.values(COMMANDS).map((command) => `${command} || true; echo ${BREAK}`);
      const outputs = this.run(name, script.join('\n')).split(`${BREAK}\n`);
      for (const [index, file] of Object.keys(COMMANDS).entries())
        files[`nodes/${name}/${file}`] = outputs[index] ?? '';
      files[`nodes/${name}/iptables-legacy-save.txt`] = '';
    }
    return files;
  }

  /** How many datagrams for ports that nobody listens at have arrived at a host, of either family. */
  arrivals(name: string): number {
    const counters = this.run(name, 'cat /proc/net/snmp /proc/net/snmp6');
    const [, names = '', values = ''] = /^(Udp: \w.*)\n(Udp: \d.*)$/m.exec(counters) ?? [];
    const [, v6 = ''] = /^Udp6NoPorts\s+(\d+)$/m.exec(counters) ?? [];
    return Number(values.split(' ')[names.split(' ').indexOf('NoPorts')]) + Number(v6);
  }

  remove(): void {
    for (const name of this.#names) {
      try {
        ip('netns', 'del', `${this.#prefix}${name}`);
      } catch {
        // It was not built.
      }
    }
  }
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: 'ignore' });
}

/** Why no hosts can be built here; undefined where they can. `trial` is run in one of them. */
export function whyNoHosts(prefix: string, trial: string): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  let hosts: RealHosts | undefined;
  try {
    hosts = new RealHosts(prefix, ['try']);
    hosts.run('try', trial);
    return undefined;
  } catch {
    return `needs network namespaces in which these work: ${trial}`;
  } finally {
    hosts?.remove();
  }
}
