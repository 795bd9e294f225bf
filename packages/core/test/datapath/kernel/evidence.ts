import { run } from './build.ts';
import type { LabPlan } from './plan.ts';
import type { Random } from './random.ts';

/** Evidence that has two forms: which of them is taken is a matter of chance. */
const TWO_FORMS: readonly { readonly file: string; readonly text: string; readonly json: string }[] = [
  { file: 'ip-link', text: 'ip -d link', json: 'ip -j -d link' },
  { file: 'ip-addr', text: 'ip -d addr', json: 'ip -j -d addr' },
  { file: 'ip-route', text: 'ip route show table all', json: 'ip -j route show table all' },
  { file: 'ip6-route', text: 'ip -6 route show table all', json: 'ip -6 -j route show table all' },
  { file: 'ip-rule', text: 'ip rule', json: 'ip -j rule' },
  { file: 'ip6-rule', text: 'ip -6 rule', json: 'ip -6 -j rule' },
  { file: 'ip-neigh', text: 'ip -4 neigh', json: 'ip -4 -j neigh' },
  { file: 'ip6-neigh', text: 'ip -6 neigh', json: 'ip -6 -j neigh' },
  { file: 'bridge-fdb', text: 'bridge fdb show', json: 'bridge -j fdb show' },
  { file: 'nft-ruleset', text: 'nft list ruleset', json: 'nft -j list ruleset' },
];

/** Settings that decide where packets go, as patterns below /proc/sys/net. */
const SETTINGS = [
  'ipv4/ip_forward',
  'ipv4/conf/*/{rp_filter,proxy_arp,route_localnet,forwarding,accept_local,src_valid_mark,arp_ignore}',
  'ipv6/conf/*/{forwarding,proxy_ndp,disable_ipv6}',
  'bridge/*',
];

const ONE_FORM: Readonly<Record<string, string>> = {
  // As `sysctl -a` prints them, which takes far longer: in names of devices it writes a slash for a dot.
  'sysctl.txt': `bash -c 'cd /proc/sys; grep -H "" ${SETTINGS.map((pattern) => `net/${pattern}`).join(' ')}' | tr ./ /. | sed 's/:/ = /'`,
  'ipset-save.txt': 'ipset save',
};

const BACK_ENDS = {
  4: ['iptables-legacy', 'iptables-nft'],
  6: ['ip6tables-legacy', 'ip6tables-nft'],
} as const;

/** The evidence of a lab, as a collection on its nodes would find it. */
export function collectLab(
  prefix: string,
  { places, family }: LabPlan,
  random: Random,
): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { name, node } of places) {
    const commands: Record<string, string> = { ...ONE_FORM };
    for (const { file, text, json } of TWO_FORMS) {
      if (file.includes(family === 4 ? 'ip6-' : 'ip-r') || file === (family === 4 ? 'ip6-neigh' : 'ip-neigh'))
        continue;
      const isJson = random.chance(0.5);
      commands[`${file}.${isJson ? 'json' : 'txt'}`] = isJson ? json : text;
    }
    for (const tool of BACK_ENDS[family]) commands[`${tool}-save.txt`] = `${tool}-save`;
    const script = Object.values(commands).map((command) => `${command}; echo; echo ====`);
    const outputs = run(prefix, name, script.join('\n')).split('\n====\n');
    const directory = name === node ? `nodes/${name}` : `nodes/${node}/netns/default_${name}`;
    for (const [index, file] of Object.keys(commands).entries())
      files[`${directory}/${file}`] = outputs[index] ?? '';
  }
  return files;
}
