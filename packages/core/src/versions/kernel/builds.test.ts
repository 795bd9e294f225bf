import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareBuilds } from './builds.ts';
import type { KernelLine } from './types.ts';

const rows = readFileSync(new URL('./order.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [id = '', order = ''] = line.split(': ');
    const [a = '', b = ''] = order.split(' < ');
    return [id as KernelLine, a, b] as const;
  });

describe('compareBuilds', () => {
  it.each(rows)('%s: %s < %s, and the other way round', (line, a, b) => {
    expect(compareBuilds(line, a, b)).toBeLessThan(0);
    expect(compareBuilds(line, b, a)).toBeGreaterThan(0);
    expect(compareBuilds(line, a, a)).toBe(0);
  });

  it.each([
    ['rhel8', '4.18.0-348.12.2.el8_5.x86_64', '4.18.0-348.12.2'],
    ['rhel9', '5.14.0-284.18.1.rt14.303.el9_2.x86_64', '5.14.0-284.18.1.el9_2'],
    ['photon', '4.19.79-2.ph3-esx', '4.19.79-2'],
    ['flatcar', '5.4.83-flatcar', '5.4.83'],
  ] as const)('%s: tags, architectures and flavours of %s do not count', (line, a, b) => {
    expect(compareBuilds(line, a, b)).toBe(0);
  });

  it('has no answer for a text that is no version', () => {
    expect(compareBuilds('rhel8', 'el8', '4.18.0-305')).toBeUndefined();
  });
});
