import { describe, expect, it } from 'vitest';
import { type Files, list, shown } from '../../../../../test/fact-evidence.ts';
import { ENDPOINTS, POOLS, SUBNETS } from '../objects.ts';

const pool = (status: object, spec: object = {}, metadata: object = {}) => ({
  metadata: { name: 'pool-a', ...metadata },
  spec: { ipVersion: 4, subnet: '10.6.0.0/16', ...spec },
  status,
});
const records = (map: object) => ({ allocatedIPs: JSON.stringify(map) });
const pod = (name: string, uid: string, phase: string) => ({
  metadata: { name, namespace: 'web', uid },
  spec: {},
  status: { phase },
});
const endpoint = (name: string, ip: string, owner: string, metadata: object = {}) => ({
  metadata: { name, namespace: 'web', ...metadata },
  status: {
    ownerControllerType: owner,
    current: { uid: 'u', ips: [{ interface: 'eth0', ipv4: `${ip}/16`, ipv4Pool: 'pool-a' }] },
  },
});
const files = (resources: Readonly<Record<string, readonly object[]>>): Files =>
  Object.fromEntries(
    Object.entries(resources).map(([name, items]) => [`cluster/${name}.json`, list(...items)]),
  );

describe('duplicate addresses', () => {
  it('name every holder once, however often it was collected', async () => {
    const holders = [endpoint('a', '10.6.0.5', 'StatefulSet'), endpoint('b', '10.6.0.5', 'Deployment')];
    const evidence = files({ [ENDPOINTS]: [...holders, ...holders] });
    expect(await shown(evidence, 'spiderpool.duplicate-statefulset-ips')).toBe('10.6.0.5: web/a and web/b');
  });

  it('are none where one holder is being deleted', async () => {
    const going = endpoint('b', '10.6.0.5', 'Deployment', { deletionTimestamp: '2026-11-20T11:59:00Z' });
    const evidence = files({ [ENDPOINTS]: [endpoint('a', '10.6.0.5', 'StatefulSet'), going] });
    expect(await shown(evidence, 'spiderpool.duplicate-ips')).toBe('');
  });

  it('are unknown without SpiderEndpoints', async () => {
    expect(await shown({}, 'spiderpool.duplicate-ips')).toBe('unknown');
  });
});

describe('records of a pool', () => {
  const event = {
    metadata: { name: 'e', namespace: 'web' },
    message: 'all IP addresses used out',
    involvedObject: { kind: 'Pod', namespace: 'web', name: 'a' },
  };
  const own = records({ '10.6.0.5': { pod: 'web/a', podUid: 'u-a' } });

  it('block the very pod they belong to', async () => {
    const evidence = files({
      [POOLS]: [pool(own)],
      [ENDPOINTS]: [],
      pods: [pod('a', 'u-a', 'Pending')],
      events: [event],
    });
    expect(await shown(evidence, 'spiderpool.blocked-retries', '', POOLS)).toBe('web/a (10.6.0.5)');
  });

  it('of an earlier pod of that name block nobody', async () => {
    const evidence = files({
      [POOLS]: [pool(own)],
      [ENDPOINTS]: [],
      pods: [pod('a', 'u-new', 'Pending')],
      events: [event],
    });
    expect(await shown(evidence, 'spiderpool.blocked-retries', '', POOLS)).toBe('');
  });

  it('that are damaged prove nothing', async () => {
    const evidence = files({
      [POOLS]: [pool({ allocatedIPs: '{"10.6.0.5":' })],
      [ENDPOINTS]: [endpoint('a', '10.6.0.5', 'Deployment')],
      pods: [pod('a', 'u', 'Running')],
    });
    expect(await shown(evidence, 'spiderpool.surplus-records', '', POOLS)).toBe('unknown');
    expect(await shown(evidence, 'spiderpool.unprotected-ips')).toBe('');
  });

  it('protect the address of a running pod', async () => {
    const evidence = (status: object) =>
      files({
        [POOLS]: [pool(status)],
        [ENDPOINTS]: [endpoint('a', '10.6.0.5', 'Deployment')],
        pods: [pod('a', 'u', 'Running')],
      });
    expect(await shown(evidence(own), 'spiderpool.unprotected-ips')).toBe('');
    expect(await shown(evidence({}), 'spiderpool.unprotected-ips')).toBe('10.6.0.5 of web/a in pool-a');
  });
});

describe('what a pool takes over from its SpiderSubnet', () => {
  const subnet = {
    metadata: { name: 's', creationTimestamp: '2024-01-02T11:00:00Z' },
    spec: { subnet: '10.6.0.0/16', gateway: '10.6.0.1', routes: [{ dst: '10.9.0.0/16', gw: '10.6.0.2' }] },
  };
  const older = { creationTimestamp: '2024-01-02T10:00:00Z' };

  it('is missing where the pool is older', async () => {
    const evidence = files({ [POOLS]: [pool({}, {}, older)], [SUBNETS]: [subnet] });
    expect(await shown(evidence, 'spiderpool.pool-not-inherited', '', POOLS)).toBe(
      'no gateway; SpiderSubnet s has 10.6.0.1 | no routes; SpiderSubnet s has 1',
    );
  });

  it('is unknown where a pool does not say when it was made', async () => {
    const evidence = files({ [POOLS]: [pool({})], [SUBNETS]: [subnet] });
    expect(await shown(evidence, 'spiderpool.pool-not-inherited', '', POOLS)).toBe('unknown');
  });

  it('is nothing for a pool of another prefix', async () => {
    const evidence = files({ [POOLS]: [pool({}, { subnet: '10.7.0.0/16' }, older)], [SUBNETS]: [subnet] });
    expect(await shown(evidence, 'spiderpool.pool-not-inherited', '', POOLS)).toBe('');
  });
});
