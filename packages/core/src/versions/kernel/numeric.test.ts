import { describe, expect, it } from 'vitest';
import { compareFelixKernels } from './numeric.ts';

describe('compareFelixKernels', () => {
  it.each([
    ['5.7.0', '5.7.0', 0],
    ['5.7.0-2-amd64', '5.7.0', 1],
    ['5.6.19-300.fc32.x86_64', '5.7.0', -1],
    ['Linux version 5.15.0-91-generic (buildd@lcy02-amd64-045) (gcc 11.4.0)', '5.7.0', 1],
    ['4.18.0-193.28.1.el8_2.x86_64', '4.18.0-193', 0],
    ['4.18.0-147.el8.x86_64', '4.18.0-193', -1],
    ['5.15.133.1-microsoft-standard-WSL2', '5.15.133', 0],
  ])('%s against %s: %i', (a, b, expected) => {
    expect(Math.sign(compareFelixKernels(a, b) ?? Number.NaN)).toBe(expected);
  });

  it('has no answer without X.Y.Z', () => {
    expect(compareFelixKernels('5.7', '5.7.0')).toBeUndefined();
  });
});
