import { describe, expect, it } from 'vitest';
import { planAgents } from '../src/agents/start.ts';
import { buildCluster } from '../src/build/cluster.ts';
import { completeOptions, type LabOptions, MODES, PROXIES } from '../src/cluster/options.ts';
import { planCluster } from '../src/cluster/plan.ts';
import { FAULTS } from '../src/faults/index.ts';
import { type Command, formatCommand } from '../src/netns/command.ts';

/** Every lab that can be asked for. */
const LABS: readonly LabOptions[] = MODES.flatMap((mode) =>
  PROXIES.flatMap((proxy) => {
    const ipv6 = mode === 'routed' || mode === 'bridge' ? [false, true] : [false];
    return ipv6.map((each) => completeOptions({ name: 'plan', mode, proxy, ipv6: each }));
  }),
);
const named = LABS.map(
  (options) => [`${options.mode} ${options.proxy}${options.ipv6 ? ' ipv6' : ''}`, options] as const,
);

/** Whether a command changes nothing outside of the namespaces of the lab. */
function staysInside({ run, input = '' }: Command): boolean {
  const [program, first, second, third] = run;
  const netns = program === 'ip' && first === 'netns' ? third : second;
  const isScoped =
    (program === 'ip' && first === 'netns' && (second === 'add' || second === 'exec')) ||
    ((program === 'ip' || program === 'bridge') && first === '-n');
  const others = [...input.matchAll(/\bnetns (\S+)/g)].map(([, name = '']) => name);
  return isScoped && [netns ?? '', ...others].every((name) => name.startsWith('netvet-plan-'));
}

describe.each(named)('%s', (_, options) => {
  const commands = buildCluster(planCluster(options));

  it('is built by the same commands each time, all of which stay inside the lab', () => {
    expect(buildCluster(planCluster(options))).toEqual(commands);
    expect(commands.filter((command) => !staysInside(command)).map(formatCommand)).toEqual([]);
  });

  it('gives every namespace, interface and address to one owner', () => {
    const { nodes, pods } = planCluster(options);
    const owners = [...nodes, ...pods];
    for (const key of ['netns', 'address', 'address6', 'mac'] as const)
      expect(new Set(owners.map((owner) => owner[key])).size).toBe(owners.length);
    expect(new Set(pods.map(({ hostInterface }) => hostInterface)).size).toBe(pods.length);
    // The kernel takes no longer names of interfaces (include/uapi/linux/if.h, IFNAMSIZ).
    expect(Math.max(...pods.map(({ hostInterface }) => hostInterface.length))).toBeLessThanOrEqual(15);
  });

  it.each(FAULTS.map((fault) => [fault.id, fault] as const))(
    'can be broken by %s from inside',
    (__, fault) => {
      if (fault.whyNot?.(options) !== undefined) return;
      const cluster = planCluster(options);
      const broken = fault.apply(cluster, fault.change?.(cluster) ?? cluster);
      expect(broken.length).toBeGreaterThan(0);
      expect(broken.filter((command) => !staysInside(command)).map(formatCommand)).toEqual([]);
    },
  );
});

it('names interfaces and tunnels as Calico does', () => {
  const cluster = planCluster(completeOptions({ name: 'plan', mode: 'vxlan' }));
  // printf default.client-n1 | sha1sum; printf n1 | sha1sum
  expect(cluster.pods[0]?.hostInterface).toBe('cali5e87b162cd9');
  expect(cluster.nodes[0]?.tunnelMac).toBe('66:40:b3:ea:b6:3f');
});

it('has an agent in each node and pod, and a DNS server that knows the Services', () => {
  const cluster = planCluster(completeOptions({ name: 'plan' }));
  const agents = planAgents(cluster);
  expect(agents).toHaveLength(cluster.nodes.length + cluster.pods.length);
  const dns = agents.filter(({ config }) => config.dns !== undefined);
  expect(dns.map(({ config }) => config.name)).toEqual(['pod/kube-system/coredns-1']);
  expect(dns[0]?.config.dns?.['web.default.svc.cluster.local']).toEqual(['10.96.0.80']);
});

describe('options', () => {
  it.each([
    [{ name: 'With-Dash' }, 'name'],
    [{ name: '' }, 'name'],
    [{ pods: 1 }, 'pods'],
    [{ mode: 'cross-subnet', nodes: 2 }, 'cross-subnet'],
    [{ mode: 'vxlan', ipv6: true }, 'ipv6'],
  ] as const)('refuses %j', (given, word) => {
    expect(() => completeOptions(given)).toThrow(word);
  });
});
