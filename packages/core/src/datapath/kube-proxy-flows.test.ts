import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../test/datapath/network-of.ts';
import type { TraceAnswer, TraceQuestion } from './model/answer.ts';
import { traceFlow } from './trace.ts';

const folder = new URL('./__fixtures__/kube-proxy-flows/', import.meta.url);

interface Flow {
  readonly name: string;
  readonly sourceIP: string;
  readonly protocol: string;
  readonly destIP: string;
  readonly destPort: number;
  readonly output: string;
  readonly masq: boolean;
}

interface Case {
  readonly name: string;
  readonly nodeIPs: readonly string[];
  readonly saved?: { readonly legacy: string; readonly nft: string };
  readonly rulesFull?: string;
  readonly nftList?: string;
  readonly nftJson?: unknown;
  readonly flows: readonly Flow[];
}

const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case);

/** A node with one interface to the world and one to pods, as kube-proxy and a network plugin leave it. */
function nodeFiles(nodeIPs: readonly string[]): Record<string, string> {
  const own = nodeIPs.map((address) => `    inet ${address}/24 brd 192.168.0.255 scope global eth0`);
  return {
    'nodes/n1/ip-addr.txt': [
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
      '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
      '    inet 127.0.0.1/8 scope host lo',
      '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
      '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
      ...own,
      '3: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000',
      '    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff',
      '    inet 10.0.0.1/8 brd 10.255.255.255 scope global cni0',
      '',
    ].join('\n'),
    'nodes/n1/ip-route.txt': [
      'default via 192.168.0.1 dev eth0',
      '10.0.0.0/8 dev cni0 proto kernel scope link src 10.0.0.1',
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.2',
      '',
    ].join('\n'),
    'nodes/n1/ip-rule.txt': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n',
    'nodes/n1/sysctl.txt': [
      'net.ipv4.ip_forward = 1',
      'net.ipv4.conf.all.rp_filter = 0',
      'net.ipv4.conf.all.route_localnet = 1',
      '',
    ].join('\n'),
  };
}

/** Each form is one kind of rules, so the others are missing. */
const OTHER_RULES =
  /^not collected: (?:legacy ip6?tables rules|nftables ruleset|tables of nftables beside those of iptables)/;

/** Every form in which a case gives its rules. */
function formsOf(found: Case): readonly (readonly [string, Record<string, string>])[] {
  const forms: [string, Record<string, string>][] = [];
  if (found.saved !== undefined) {
    forms.push(['legacy dump', { 'nodes/n1/iptables-legacy-save.txt': found.saved.legacy }]);
    forms.push(['nft dump', { 'nodes/n1/iptables-nft-save.txt': found.saved.nft }]);
    forms.push(['plain dump', { 'nodes/n1/iptables-save.txt': found.saved.nft }]);
  }
  if (found.rulesFull !== undefined)
    forms.push(['rules to restore', { 'nodes/n1/iptables-save.txt': found.rulesFull }]);
  if (found.nftList !== undefined) forms.push(['nft text', { 'nodes/n1/nft-ruleset.txt': found.nftList }]);
  if (found.nftJson !== undefined)
    forms.push(['nft JSON', { 'nodes/n1/nft-ruleset.json': JSON.stringify(found.nftJson) }]);
  if (found.saved !== undefined && found.nftList !== undefined) {
    forms.push([
      'nft dump beside nft text',
      {
        'nodes/n1/iptables-nft-save.txt': found.saved.nft,
        'nodes/n1/nft-ruleset.txt': found.nftList,
      },
    ]);
  }
  return forms;
}

function questionOf({ sourceIP, destIP, destPort, protocol }: Flow): TraceQuestion {
  return { from: sourceIP, to: `${destIP}:${destPort}`, protocol };
}

/** The answer in the words of the case. */
function outcomeOf(answer: TraceAnswer, flow: Flow) {
  const kinds = new Set(answer.paths.map(({ disposition }) => disposition));
  if (kinds.has('rejected')) return { output: 'REJECT', masq: false, chances: [1] };
  if (kinds.has('dropped')) return { output: 'DROP', masq: false, chances: [1] };
  const targets = answer.paths.map(({ packet }) => `${packet.destination}:${packet.destinationPort}`).sort();
  const unchanged = `${flow.destIP}:${flow.destPort}`;
  return {
    output: targets.every((target) => target === unchanged) ? '' : targets.join(', '),
    masq: answer.paths.every(({ packet }) => packet.snat),
    chances: answer.paths.map(({ probability }) => Number(probability.toFixed(6))),
  };
}

describe.each(cases.map((found) => [found.name, found] as const))('%s', (_, found) => {
  const forms = formsOf(found);

  it.each(forms)('%s: every flow as Kubernetes expects it', async (_form, rules) => {
    const network = await networkOf({ ...nodeFiles(found.nodeIPs), ...rules });
    for (const flow of found.flows) {
      const answer = traceFlow(network, questionOf(flow));
      if ('error' in answer) throw new Error(answer.error.message);
      const targets = flow.output === '' || !flow.output.includes(':') ? 1 : flow.output.split(', ').length;
      expect({ name: flow.name, ...outcomeOf(answer, flow) }).toEqual({
        name: flow.name,
        output: flow.output,
        masq: flow.masq,
        chances: Array.from({ length: targets }, () => Number((1 / targets).toFixed(6))),
      });
      const open = answer.notModelled.filter(({ couldChangeAnswer }) => couldChangeAnswer);
      expect(open.filter(({ text }) => !OTHER_RULES.test(text))).toEqual([]);
    }
  });

  it('all forms of the rules give the same answers', async () => {
    const questions: TraceQuestion[] = [
      ...found.flows.map(questionOf),
      { from: '10.0.0.2', to: '172.30.0.41:81' },
      { from: '203.0.113.2', to: `${found.nodeIPs[0] ?? '192.168.0.2'}:22` },
      { from: '10.0.0.2', to: '10.180.0.1:80', state: 'established' },
    ];
    const answers = await Promise.all(
      forms.map(async ([, rules]) => {
        const network = await networkOf({ ...nodeFiles(found.nodeIPs), ...rules });
        return questions.map((question) => {
          const answer = traceFlow(network, question);
          if ('error' in answer) return answer.error.code;
          return answer.paths.map(({ steps: _steps, probability, ...path }) => ({
            ...path,
            probability: Number(probability.toFixed(6)),
          }));
        });
      }),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});
