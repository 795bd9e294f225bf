import { describe, expect, it } from 'vitest';
import { networkOf } from '../../test/datapath/network-of.ts';
import { ADDRESSES, ask, dispositions, type Files, NODE } from '../../test/datapath/one-node.ts';
import { traceFlow } from './trace.ts';

describe('routes', () => {
  it.each([
    ['192.0.2.1', 'delivered'],
    ['127.0.0.1', 'delivered'],
    ['10.1.0.1', 'dropped'],
    ['10.2.0.1', 'no-route'],
    ['10.3.0.1', 'rejected'],
    ['10.4.0.1', 'interface-down'],
    ['192.0.2.8', 'neighbor-unreachable'],
    ['192.0.2.9', 'left-network'],
    ['203.0.113.1', 'left-network'],
  ])('from the node to %s: %s', async (to, disposition) => {
    expect(dispositions(await ask(NODE, { from: 'node/n1', to: `${to}:80` }))).toEqual([disposition]);
  });

  it('no route at all', async () => {
    const files = { ...NODE, 'nodes/n1/ip-route.txt': '192.0.2.0/24 dev eth0 scope link\n' };
    expect(dispositions(await ask(files, { from: '192.0.2.1', to: '203.0.113.1:80' }))).toEqual(['no-route']);
  });

  it('a packet that does not fit and must not be cut up', async () => {
    const question = { from: '192.0.2.7', in: 'eth0', to: '198.51.100.9:80' };
    expect(dispositions(await ask(NODE, { ...question, size: 1401 }))).toEqual(['too-big']);
    expect(dispositions(await ask(NODE, { ...question, size: 1400 }))).toEqual(['left-network']);
  });

  it('rp_filter drops what would be answered by another interface', async () => {
    const answer = await ask(NODE, { from: '198.51.100.9', in: 'eth0', to: '192.0.2.1:80' });
    expect(dispositions(answer)).toEqual(['dropped']);
    expect(answer.paths[0]?.steps.at(-1)?.detail).toContain('rp_filter 1');
  });

  it('without forwarding nothing goes through', async () => {
    const files = {
      ...NODE,
      'nodes/n1/sysctl.txt': 'net.ipv4.ip_forward = 0\nnet.ipv4.conf.all.rp_filter = 0\n',
    };
    expect(dispositions(await ask(files, { from: '192.0.2.7', to: '198.51.100.9:80' }))).toEqual(['dropped']);
  });

  it('settings that were not collected leave open whether it goes through, and are named', async () => {
    const { 'nodes/n1/sysctl.txt': _, ...files } = NODE;
    const answer = await ask(files, { from: '192.0.2.7', to: '198.51.100.9:80' });
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toContainEqual({
      file: 'nodes/n1/sysctl.txt',
      text: 'not collected: net.ipv4.ip_forward',
      couldChangeAnswer: true,
    });
  });

  it('a policy rule of a source', async () => {
    const question = { from: '198.51.100.7', in: 'eth2', to: '203.0.113.1:80' };
    expect(dispositions(await ask(NODE, question))).toEqual(['no-route']);
  });

  it('two nodes that send to each other: the packet dies of age', async () => {
    const second = ADDRESSES.replaceAll('192.0.2.1/', '192.0.2.2/').replaceAll(
      '02:00:00:00:00:0',
      '02:00:00:00:01:0',
    );
    const sysctl = 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n';
    const answer = await ask(
      {
        'nodes/n1/ip-addr.txt': ADDRESSES,
        'nodes/n1/ip-route.txt':
          'default via 192.0.2.2 dev eth0\n192.0.2.0/24 dev eth0 scope link src 192.0.2.1\n',
        'nodes/n1/sysctl.txt': sysctl,
        'nodes/n2/ip-addr.txt': second,
        'nodes/n2/ip-route.txt':
          'default via 192.0.2.1 dev eth0\n192.0.2.0/24 dev eth0 scope link src 192.0.2.2\n',
        'nodes/n2/sysctl.txt': sysctl,
      },
      { from: '203.0.113.9', in: 'n1/eth0', to: '203.0.113.1:80' },
    );
    expect(dispositions(answer)).toEqual(['ttl-expired']);
  });
});

describe('damage and what is not modelled', () => {
  const rules = (...lines: readonly string[]): Files => ({
    ...NODE,
    'nodes/n1/nft-ruleset.txt': '',
    'nodes/n1/iptables-legacy-save.txt': [
      '*filter',
      ':INPUT ACCEPT',
      ':FORWARD ACCEPT',
      ':OUTPUT ACCEPT',
      ...lines,
      'COMMIT',
      '',
    ].join('\n'),
  });
  const question = { from: '192.0.2.7', to: '192.0.2.1:80' };

  it.each([
    ['a match', '-A INPUT -p tcp -m crystalball --sees -j DROP', 'match crystalball is not modelled'],
    ['a target', '-A INPUT -p tcp -j NFQUEUE --queue-num 1', 'target NFQUEUE is not modelled'],
    ['a jump to a chain that is not there', '-A INPUT -p tcp -j GONE-chain', 'which the dump does not show'],
    [
      'a set that was not collected',
      '-A INPUT -m set --match-set gone src -j DROP',
      'set gone was not collected',
    ],
    ['a rate', '-A INPUT -m limit --limit 5/min -j DROP', 'match limit is not modelled'],
  ])('%s that matters makes the answer unknown', async (_, line, text) => {
    const answer = await ask(rules(line), question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toContainEqual({
      file: 'nodes/n1/iptables-legacy-save.txt',
      line: 5,
      text: expect.stringContaining(text),
      couldChangeAnswer: true,
    });
  });

  it.each([
    ['a match before a log', '-A INPUT -m limit --limit 5/min -j LOG'],
    ['a rule that surely does not match', '-A INPUT -p udp -m crystalball --sees -j DROP'],
    ['a log', '-A INPUT -j NFLOG --nflog-group 1'],
  ])('%s does not matter', async (_, line) => {
    const answer = await ask(rules(line), question);
    expect(dispositions(answer)).toEqual(['delivered']);
    expect(answer.notModelled).toEqual([]);
  });

  it('a match whose both meanings end the same is named, and the answer stands', async () => {
    const answer = await ask(rules('-A INPUT -m crystalball --sees -j ACCEPT'), question);
    expect(dispositions(answer)).toEqual(['delivered']);
    expect(answer.notModelled).toMatchObject([{ couldChangeAnswer: false }]);
  });

  it('chains that jump in a circle are named', async () => {
    const answer = await ask(
      rules(':a-one -', ':a-two -', '-A INPUT -j a-one', '-A a-one -j a-two', '-A a-two -j a-one'),
      question,
    );
    expect(answer.notModelled[0]?.text).toContain('chains jump in a circle');
    expect(dispositions(answer)).toEqual(['unknown']);
  });

  it('an nft statement that is not modelled', async () => {
    const answer = await ask(
      {
        ...NODE,
        'nodes/n1/nft-ruleset.txt':
          'table inet t {\n\tchain in {\n\t\ttype filter hook input priority filter; policy accept;\n\t\tosf name "Linux" drop\n\t}\n}\n',
      },
      question,
    );
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled[0]).toMatchObject({ file: 'nodes/n1/nft-ruleset.txt', line: 4 });
  });
});

describe('evidence that is cut or missing', () => {
  const question = { from: '192.0.2.7', to: '192.0.2.1:80' };

  it('a dump of iptables that ends in the middle', async () => {
    const files = {
      ...NODE,
      'nodes/n1/iptables-legacy-save.txt': '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p udp -j DR',
    };
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled.map(({ text }) => text)).toContain('cut or damaged: rules may be missing');
  });

  it('a listing of nft that ends in the middle', async () => {
    const files = {
      ...NODE,
      'nodes/n1/nft-ruleset.txt':
        'table ip t {\n\tchain in {\n\t\ttype filter hook input priority 0; policy accept;\n\t\tudp',
    };
    expect(dispositions(await ask(files, question))).toEqual(['unknown']);
  });

  it('no rules at all are named', async () => {
    const answer = await ask(NODE, question);
    expect(answer.notModelled).toEqual([
      {
        file: 'nodes/n1/nft-ruleset.txt',
        text: 'not collected: packet filter rules',
        couldChangeAnswer: true,
      },
    ]);
  });

  it('a chain at a device is for that device alone', async () => {
    const files = {
      ...NODE,
      'nodes/n1/nft-ruleset.txt':
        'table netdev t {\n\tchain in {\n\t\ttype filter hook ingress device "eth0" priority 0; policy accept;\n\t\tdrop\n\t}\n}\n',
    };
    expect(dispositions(await ask(files, question))).toEqual(['dropped']);
    expect(
      dispositions(
        await ask(files, { ...question, from: '198.51.100.9', in: 'eth2', to: '198.51.100.1:80' }),
      ),
    ).toEqual(['delivered']);
  });

  it('nothing but the name of a node', async () => {
    const answer = await ask({ 'nodes/n1/uname.txt': '5.14.0\n' }, question);
    expect(dispositions(answer)).toEqual(['unknown']);
  });
});

describe('connections', () => {
  const files: Files = {
    ...NODE,
    'nodes/n1/sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n',
    'nodes/n1/iptables-legacy-save.txt':
      '*filter\n:FORWARD DROP\n-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -i eth0 -j ACCEPT\nCOMMIT\n',
    'nodes/n1/iptables-nft-save.txt':
      '*nat\n:PREROUTING ACCEPT\n:POSTROUTING ACCEPT\n-A POSTROUTING -o eth2 -j MASQUERADE\nCOMMIT\n',
  };
  const outwards = { from: '198.51.100.9', in: 'eth2', to: '203.0.113.1:80' };
  const inwards = { from: '203.0.113.1', in: 'eth0', to: '198.51.100.9:80' };

  it('a policy drops what opens a connection, and lets pass what belongs to one', async () => {
    expect(dispositions(await ask(files, outwards))).toEqual(['dropped']);
    expect(dispositions(await ask(files, { ...outwards, state: 'established' }))).toEqual(['left-network']);
  });

  it('rules of both back ends hold', async () => {
    const answer = await ask(files, inwards);
    expect(answer.paths).toMatchObject([
      { disposition: 'left-network', packet: { source: '198.51.100.1', snat: true } },
    ]);
  });

  it('an established connection is translated as its first packet was', async () => {
    const answer = await ask(files, { ...inwards, state: 'established' });
    expect(answer.paths).toMatchObject([{ packet: { source: '198.51.100.1', snat: true } }]);
  });
});

describe('names of Kubernetes', () => {
  const list = (...items: readonly object[]): string =>
    JSON.stringify({ kind: 'List', apiVersion: 'v1', items });
  const pod = (name: string, nodeName: string, podIP: string): object => ({
    kind: 'Pod',
    metadata: { namespace: 'default', name },
    spec: { nodeName },
    status: { phase: 'Running', podIP },
  });
  const files: Files = {
    ...NODE,
    'nodes/n1/sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n',
    'nodes/n1/iptables-save.txt':
      '*nat\n:PREROUTING ACCEPT\n-A PREROUTING -d 172.30.0.41/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 198.51.100.9:8080\nCOMMIT\n',
    'cluster/pods.json': list(pod('client', 'n1', '198.51.100.8'), pod('web', 'n1', '198.51.100.9')),
    'cluster/services.json': list({
      kind: 'Service',
      metadata: { namespace: 'default', name: 'web' },
      spec: { clusterIP: '172.30.0.41', ports: [{ port: 80 }] },
    }),
    'cluster/nodes.json': list({
      kind: 'Node',
      metadata: { name: 'n1' },
      status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
    }),
  };

  it('from a pod to a service, where the namespaces of pods were not collected', async () => {
    const answer = await ask(files, { from: 'pod/default/client', to: 'service/default/web' });
    expect(answer.question.destinationPort).toBe(80);
    expect(answer.paths).toMatchObject([
      {
        disposition: 'left-network',
        at: { node: 'n1', interface: 'eth2' },
        packet: { source: '198.51.100.8', destination: '198.51.100.9', destinationPort: 8080, snat: false },
      },
    ]);
    expect(answer.paths[0]?.steps.at(-1)?.detail).toContain('pod default/web');
  });

  it('from a pod to its node', async () => {
    const answer = await ask(files, { from: 'pod/default/client', to: 'node/n1:10250' });
    expect(answer.paths).toMatchObject([{ disposition: 'delivered', packet: { destination: '192.0.2.1' } }]);
  });
});

describe('IPv6', () => {
  const files: Files = {
    'nodes/n1/ip-addr.txt': `${ADDRESSES}5: eth3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n    link/ether 02:00:00:00:00:05 brd ff:ff:ff:ff:ff:ff\n    inet6 fd00::1/64 scope global\n`,
    'nodes/n1/ip6-route.txt':
      'fd00::/64 dev eth3 proto kernel metric 256 pref medium\ndefault via fd00::fe dev eth3 metric 1024 pref medium\nunreachable fd01::/64 dev lo metric 1024\n',
    'nodes/n1/sysctl.txt': 'net.ipv6.conf.all.forwarding = 1\n',
    'nodes/n1/ip6tables-save.txt':
      '*nat\n:PREROUTING ACCEPT\n:POSTROUTING ACCEPT\n-A PREROUTING -d fd10::a/128 -p tcp -m tcp --dport 80 -j DNAT --to-destination [fd00::9]:8080\n-A POSTROUTING -s fd20::/16 -j MASQUERADE\nCOMMIT\n',
  };

  it('a service with masquerade', async () => {
    const answer = await ask(files, { from: 'fd20::7', in: 'eth3', to: '[fd10::a]:80' });
    expect(answer.paths).toMatchObject([
      {
        disposition: 'left-network',
        packet: { source: 'fd00::1', destination: 'fd00::9', destinationPort: 8080, snat: true },
      },
    ]);
  });

  it('an unreachable route', async () => {
    expect(dispositions(await ask(files, { from: 'fd00::1', to: '[fd01::1]:80' }))).toEqual(['no-route']);
  });
});

describe('questions that can not be answered', () => {
  it.each([
    ['nonsense', '192.0.2.1:80', 'bad-question'],
    ['service/a/b', '192.0.2.1:80', 'bad-question'],
    ['node/n1', 'nonsense', 'bad-question'],
    ['node/n9', '192.0.2.1:80', 'not-found'],
    ['pod/a/b', '192.0.2.1:80', 'not-found'],
    ['node/n1', 'service/a/b:80', 'not-found'],
  ])('%s to %s: %s', async (from, to, code) => {
    expect(traceFlow(await networkOf(NODE), { from, to })).toMatchObject({ error: { code } });
  });

  it('an address on two nodes', async () => {
    const files = { ...NODE, 'nodes/n2/ip-addr.txt': ADDRESSES };
    expect(traceFlow(await networkOf(files), { from: '192.0.2.1', to: '203.0.113.1:80' })).toMatchObject({
      error: { code: 'ambiguous' },
    });
  });
});

describe('services in all modes of kube-proxy', () => {
  const virtual = `${ADDRESSES}9: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default\n    inet 172.30.0.41/32 scope global kube-ipvs0\n`;
  const base = {
    ...NODE,
    'nodes/n1/sysctl.txt':
      'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.vs.conntrack = 1\n',
  };
  const masquerade = ['-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE'];
  const nat = (...lines: readonly string[]): string =>
    [
      '*nat',
      ':PREROUTING ACCEPT',
      ':INPUT ACCEPT',
      ':OUTPUT ACCEPT',
      ':POSTROUTING ACCEPT',
      ...lines,
      ...masquerade,
      'COMMIT',
      '',
    ].join('\n');
  const modes: Readonly<Record<string, Files>> = {
    iptables: {
      ...base,
      'nodes/n1/iptables-save.txt': nat(
        ':SVC -',
        '-A PREROUTING -d 172.30.0.41/32 -p tcp -m tcp --dport 80 -j SVC',
        '-A OUTPUT -d 172.30.0.41/32 -p tcp -m tcp --dport 80 -j SVC',
        '-A SVC ! -s 198.51.100.0/24 -j MARK --set-xmark 0x4000/0x4000',
        '-A SVC -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 198.51.100.10:8080',
        '-A SVC -p tcp -j DNAT --to-destination 198.51.100.11:8080',
      ),
    },
    nftables: {
      ...base,
      'nodes/n1/nft-ruleset.txt': `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 172.30.0.41 . tcp . 80 : goto service-X }
	}
	chain service-X {
		ip saddr != 198.51.100.0/24 meta mark set meta mark | 0x4000
		numgen random mod 2 vmap { 0 : goto endpoint-a, 1 : goto endpoint-b }
	}
	chain endpoint-a {
		meta l4proto tcp dnat to 198.51.100.10:8080
	}
	chain endpoint-b {
		meta l4proto tcp dnat to 198.51.100.11:8080
	}
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
	chain out {
		type nat hook output priority -100; policy accept;
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		meta mark & 0x4000 == 0x4000 masquerade fully-random
	}
}
`,
    },
    ipvs: {
      ...base,
      'nodes/n1/ip-addr.txt': virtual,
      'nodes/n1/ip-route.txt': `${NODE['nodes/n1/ip-route.txt']}local 192.0.2.1 dev eth0 table local scope host src 192.0.2.1\nlocal 127.0.0.0/8 dev lo table local scope host src 127.0.0.1\nlocal 172.30.0.41 dev kube-ipvs0 table local scope host src 172.30.0.41\n`,
      'nodes/n1/ipset-save.txt':
        'create KUBE-CLUSTER-IP hash:ip,port family inet\nadd KUBE-CLUSTER-IP 172.30.0.41,tcp:80\n',
      'nodes/n1/iptables-save.txt': nat(
        '-A PREROUTING ! -s 198.51.100.0/24 -m set --match-set KUBE-CLUSTER-IP dst,dst -j MARK --set-xmark 0x4000/0x4000',
        '-A OUTPUT -m set --match-set KUBE-CLUSTER-IP dst,dst -j MARK --set-xmark 0x4000/0x4000',
      ),
      'nodes/n1/ipvsadm-save.txt':
        '-A -t 172.30.0.41:80 -s rr\n-a -t 172.30.0.41:80 -r 198.51.100.10:8080 -m -w 1\n-a -t 172.30.0.41:80 -r 198.51.100.11:8080 -m -w 1\n-a -t 172.30.0.41:80 -r 198.51.100.12:8080 -m -w 0\n',
    },
  };

  it.each(['203.0.113.9', '192.0.2.1', '198.51.100.20'])('from %s the answers agree', async (from) => {
    const answers = await Promise.all(
      Object.values(modes).map(async (files) => {
        const { paths } = await ask(files, { from, to: '172.30.0.41:80' });
        return paths.map(({ probability, disposition, at, packet: { sourcePort: _, ...packet } }) => ({
          probability,
          disposition,
          at,
          packet,
        }));
      }),
    );
    expect(answers[0]).toHaveLength(2);
    expect(answers[0]?.every(({ packet }) => packet.snat === (from !== '198.51.100.20'))).toBe(true);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('IPVS without a server rejects', async () => {
    const files = { ...modes.ipvs, 'nodes/n1/ipvsadm-save.txt': '-A -t 172.30.0.41:80 -s rr\n' };
    expect(dispositions(await ask(files, { from: '203.0.113.9', to: '172.30.0.41:80' }))).toEqual([
      'rejected',
    ]);
  });
});
