import { describe, expect, it } from 'vitest';
import { compareFelixKernels, numericKernelAtLeast } from './numeric.ts';

describe('numericKernelAtLeast', () => {
  it.each([
    ['5.9.0-3-amd64', '5.9', true],
    ['5.8.18-100.fc31.x86_64', '5.9', false],
    ['5.10.0-28-amd64', '5.9.0', true],
    ['4.18.0-553.el8_10.x86_64', '5.13', false],
    ['5.14.0-427.el9.x86_64', '5.13', true],
    ['5.15.133.1-microsoft-standard-WSL2', '5.15.133', true],
    ['6.1', '6.1.0', true],
  ])('%s at least %s: %s', (release, minimum, expected) => {
    expect(numericKernelAtLeast(release, minimum)).toBe(expected);
  });

  it('has no answer without numbers', () => {
    expect(numericKernelAtLeast('', '5.9')).toBeUndefined();
    expect(numericKernelAtLeast('5.9.0', 'new')).toBeUndefined();
  });
});

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
