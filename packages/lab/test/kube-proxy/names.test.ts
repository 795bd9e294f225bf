import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endpointChain, portChains } from '../../src/kube-proxy/iptables/names.ts';
import * as nftables from '../../src/kube-proxy/nftables/names.ts';

const core = new URL('../../../core/src/', import.meta.url);
const flows = new URL('datapath/__fixtures__/kube-proxy-flows/', core);
const dumps = new URL('parsers/iptables-save/__fixtures__/', core);

/** Rules that kube-proxy or its tests wrote, by file. */
const TEXTS = [
  ...readdirSync(flows)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { rules } = JSON.parse(readFileSync(new URL(name, flows), 'utf8')) as { readonly rules: string };
      return [name, rules] as const;
    }),
  ...readdirSync(dumps)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => [name, readFileSync(new URL(name, dumps), 'utf8')] as const),
];

/** Chains with the Service they are for, as comments tell it. */
const NAMED = TEXTS.flatMap(([file, text]) => {
  const ports = [
    ...text.matchAll(
      /-p (\w+) .*--comment "(\S+) (?:cluster IP|external IP|loadbalancer IP)".* -j (KUBE-(?:SVC|SVL|EXT|FW)-\S+)/g,
    ),
    ...text.matchAll(
      /--comment "(?<name>\S+) (?:cluster IP|external IP|loadbalancer IP)".* -p (?<protocol>\w+) .* -j (?<chain>KUBE-(?:SVC|SVL|EXT|FW)-\S+)/g,
    ),
  ].map((match) => ({
    file,
    name: match.groups?.name ?? match[2] ?? '',
    protocol: match.groups?.protocol ?? match[1] ?? '',
    chain: match.groups?.chain ?? match[3] ?? '',
  }));
  const protocols = new Map(ports.map(({ name, protocol }) => [name, protocol]));
  const endpoints = [...text.matchAll(/--comment "(\S+) -> (\S+)".* -j (KUBE-SEP-\S+)/g)].map(
    ([, name = '', endpoint = '', chain = '']) => ({ file, name, endpoint, chain }),
  );
  return [
    ...ports,
    ...endpoints.map((found) => ({ ...found, protocol: protocols.get(found.name) ?? 'tcp' })),
  ];
});

describe('iptables', () => {
  it('enough names to tell', () => {
    const kinds = new Set(NAMED.map(({ chain }) => chain.slice(0, 8)));
    expect([...kinds].sort()).toEqual(['KUBE-EXT', 'KUBE-SEP', 'KUBE-SVC', 'KUBE-SVL']);
    expect(NAMED.length).toBeGreaterThan(50);
  });

  it.each(NAMED)('$file: $chain of $name', (found) => {
    const own =
      'endpoint' in found ? [endpointChain(found, `${found.endpoint}`)] : Object.values(portChains(found));
    expect(own).toContain(found.chain);
  });
});

// Names in the comments of pkg/proxy/nftables/proxier.go.
describe('nftables', () => {
  const port = { namespace: 'ns1', service: 'svc1', protocol: 'tcp', portName: 'p80' };

  it('a port', () => {
    expect(nftables.portChains(port).cluster).toBe('service-ULMVA6XW-ns1/svc1/tcp/p80');
  });

  it('an endpoint', () => {
    const names = nftables.endpointNames(port, { address: '10.180.0.1', port: 80 });
    expect(names.chain).toBe('endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80');
  });

  it('an endpoint of IPv6, which has no colon', () => {
    const { affinity } = nftables.endpointNames(port, { address: 'fd00::1', port: 80 });
    expect(affinity).toMatch(/^affinity-[A-Z2-7]{8}-ns1\/svc1\/tcp\/p80__fd00\.\.1\/80$/);
  });

  it('never more characters than the kernel takes', () => {
    const long = { ...port, namespace: 'n'.repeat(63), service: 's'.repeat(63), portName: 'p'.repeat(63) };
    const address = '2001:0db8:1111:2222:3333:4444:5555:6666';
    expect(nftables.endpointNames(long, { address, port: 65535 }).chain.length).toBeLessThan(256);
  });
});
