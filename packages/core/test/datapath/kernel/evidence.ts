import { NAMESPACES, type Name, PODS, run } from './topology.ts';

const COMMANDS: Readonly<Record<string, string>> = {
  'ip-link.json': 'ip -d -j link',
  'ip-addr.json': 'ip -d -j addr',
  'ip-route.txt': 'ip route show table all',
  'ip-rule.txt': 'ip rule',
  'ip-neigh.txt': 'ip neigh',
  'bridge-fdb.txt': 'bridge fdb show',
  'sysctl.txt':
    'sysctl -a 2>/dev/null | grep -E "^net.(ipv4.(ip_forward|conf.*.(rp_filter|proxy_arp|route_localnet|forwarding|accept_local|src_valid_mark))|bridge)"',
};

const RULES: Readonly<Record<string, string>> = {
  'iptables-legacy-save.txt': 'iptables-legacy-save',
  'iptables-nft-save.txt': 'iptables-nft-save',
  'nft-ruleset.json': 'nft -j list ruleset',
  'ipset-save.txt': 'ipset save',
};

/** The evidence of a lab, as a collection on its nodes would find it. */
export function collectLab(prefix: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of NAMESPACES) {
    const commands = isPod(name) ? COMMANDS : { ...COMMANDS, ...RULES };
    const script = Object.values(commands).map((command) => `${command}; echo; echo ====`);
    const outputs = run(prefix, name, script.join('\n')).split('\n====\n');
    const directory = isPod(name) ? `nodes/${PODS[name]}/netns/default_${name}` : `nodes/${name}`;
    for (const [index, file] of Object.keys(commands).entries()) {
      files[`${directory}/${file}`] = outputs[index] ?? '';
    }
  }
  return files;
}

function isPod(name: Name): name is keyof typeof PODS {
  return name in PODS;
}
