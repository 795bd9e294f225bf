import { describe, expect, it } from 'vitest';
import { parseGivenFacts } from './given-facts.ts';

describe('preflight arguments', () => {
  it('stand for facts of every component they name', () => {
    const parsed = parseGivenFacts(['kubernetes=1.27.3', 'proxy-mode=ipvs', 'calico=3.19.0', 'os=centos:7']);
    if (!parsed.ok) throw new Error(parsed.message);
    const { given } = parsed;
    expect(given.get('version.kube-proxy')).toMatchObject({
      value: { version: { major: 1, minor: 27, patch: 3 } },
    });
    expect(given.get('version.calico-node')).toMatchObject({ value: { text: '3.19.0' } });
    expect(given.get('kube-proxy.mode')).toMatchObject({ value: 'ipvs' });
    expect(given.get('component.present:calico')).toMatchObject({ value: true });
    expect(given.get('component.present:antrea')).toMatchObject({ value: false });
  });

  it('read a kernel release with the distribution it belongs to', () => {
    const parsed = parseGivenFacts(['kernel=3.10.0-1160.el7.x86_64', 'os=centos:7']);
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && parsed.given.get('kernel')).toMatchObject({ value: { line: 'rhel7' } });
  });

  it.each([
    [['kubernetes'], 'is not KEY=VALUE'],
    [['kubernets=1.27'], 'unknown key "kubernets"; keys are: kubernetes'],
    [['kubernetes=new'], 'makes no sense'],
  ])('%j is refused with a reason', (words, message) => {
    const parsed = parseGivenFacts(words);
    expect(parsed.ok ? '' : parsed.message).toContain(message);
  });
});
