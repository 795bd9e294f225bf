import { describe, expect, it } from 'vitest';
import { list, shown, workload } from '../../../../test/fact-evidence.ts';

const image = 'ghcr.io/spidernet-io/spiderpool/spiderpool-controller:v0.8.2';
const conf = (text: string) => ({
  'cluster/configmaps.json': list({
    metadata: { name: 'spiderpool-conf', namespace: 'spiderpool' },
    data: { 'conf.yml': text },
  }),
});
const controller = (env: readonly object[]) => ({
  'cluster/deployments.apps.json': list(workload('spiderpool-controller', { name: 'c', image, env })),
});

describe('settings in conf.yml', () => {
  it('are read as written', async () => {
    expect(await shown(conf('enableSpiderSubnet: false\n'), 'spiderpool.subnet-feature')).toBe('false');
    expect(await shown(conf('enableSpiderSubnet: "true"\n'), 'spiderpool.subnet-feature')).toBe('true');
  });

  it('that are not written are off, by inference', async () => {
    expect(await shown(conf('enableIPv4: true\n'), 'spiderpool.kubevirt-static-ip')).toBe(
      'false (uncertain)',
    );
  });

  it('are unknown without the ConfigMap, and where its text is damaged', async () => {
    expect(await shown({ 'cluster/configmaps.json': list() }, 'spiderpool.subnet-feature')).toBe('unknown');
    expect(await shown(conf('enableSpiderSubnet: [\n'), 'spiderpool.subnet-feature')).toBe('unknown');
  });
});

describe('environment of the controller', () => {
  it('switches garbage collection', async () => {
    const off = controller([{ name: 'SPIDERPOOL_GC_IP_ENABLED', value: 'false' }]);
    expect(await shown(off, 'spiderpool.ip-gc')).toBe('false');
  });

  it('leaves garbage collection on where it does not name it', async () => {
    expect(await shown(controller([]), 'spiderpool.ip-gc')).toBe('true');
    expect(await shown({}, 'spiderpool.ip-gc')).toBe('unknown');
  });

  it('is not taken from spiderpool-init, which has the same image', async () => {
    const job = workload('spiderpool-init', { name: 'spiderpool-init', image, env: [] });
    expect(await shown({ 'cluster/jobs.batch.json': list(job) }, 'spiderpool.ip-gc')).toBe('unknown');
  });
});

it('tells the namespace of the release', async () => {
  expect(await shown(controller([]), 'spiderpool.namespace')).toBe('spiderpool');
});

it('knows Multus by its image in any workload', async () => {
  const agent = {
    name: 'spiderpool-agent',
    image: 'ghcr.io/spidernet-io/spiderpool/spiderpool-agent:v0.8.2',
  };
  const init = { initContainers: [{ name: 'multus-cni', image: 'docker.io/multus-cni:v3.9.3' }] };
  const files = (spec: object) => ({
    'cluster/daemonsets.apps.json': list(workload('spiderpool-agent', agent, spec)),
  });
  expect(await shown(files(init), 'spiderpool.multus-installed')).toBe('true');
  expect(await shown(files({}), 'spiderpool.multus-installed')).toBe('false');
});
