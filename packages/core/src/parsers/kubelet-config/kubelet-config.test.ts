import { expect, it } from 'vitest';
import { parseKubeletConfig } from './index.ts';

const YAML = `\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: systemd
featureGates:
  KubeletInUserNamespace: true
`;

it('reads the file of the kubelet', () => {
  const { value, problems } = parseKubeletConfig(YAML);
  expect(problems).toEqual([]);
  expect(value?.apiVersion).toBe('kubelet.config.k8s.io/v1beta1');
  expect(value?.settings).toMatchObject({
    cgroupDriver: 'systemd',
    featureGates: { KubeletInUserNamespace: true },
  });
  expect(value?.lineOf(['featureGates', 'KubeletInUserNamespace'])).toBe(5);
  expect(value?.lineOf(['failSwapOn'])).toBeUndefined();
});

it('reads the answer of /configz', () => {
  const { value, problems } = parseKubeletConfig('{"kubeletconfig":{"cgroupDriver":"cgroupfs"}}');
  expect(problems).toEqual([]);
  expect(value?.settings).toEqual({ cgroupDriver: 'cgroupfs' });
  expect(value?.lineOf(['cgroupDriver'])).toBe(1);
});

it('has nothing to say of an empty text', () => {
  expect(parseKubeletConfig('')).toEqual({ value: undefined, problems: [] });
});

it.each([
  'cat: /var/lib/kubelet/config.yaml: Permission denied',
  'kind: ConfigMap\n',
  '- a\n',
  'kind: KubeletConfiguration\n bad: indent\n',
  '{"kubeletconfig":{"cgroupDriver":',
])('reports %j', (text) => {
  const { value, problems } = parseKubeletConfig(text);
  expect(value).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
});

it('reports a second configuration', () => {
  const { value, problems } = parseKubeletConfig(`${YAML}---\n${YAML}`);
  expect(value?.settings).toMatchObject({ cgroupDriver: 'systemd' });
  expect(problems).toMatchObject([{ line: 7, reason: 'a second KubeletConfiguration' }]);
});
