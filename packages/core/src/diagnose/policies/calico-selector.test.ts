import { describe, expect, it } from 'vitest';
import { parseCalicoSelector } from './calico-selector.ts';

const labels = { app: 'web', tier: 'front-end', 'example.com/zone': 'a' };

describe('a selector of Calico', () => {
  it.each([
    ['', true],
    ['all()', true],
    ['global()', false],
    ["app == 'web'", true],
    ['app != "web"', false],
    ['missing != "x"', true],
    ['app in {"db", "web"}', true],
    ['app not in {"db", "web"}', false],
    ['missing not in {"x"}', true],
    ['has(example.com/zone) && !has(missing)', true],
    ['tier contains "t-e"', true],
    ['tier starts with "front" && tier ends with "end"', true],
    ['app == "db" || (app == "web" && tier == "back")', false],
    ['!(app == "db" || app == "cache")', true],
  ])('%s', (text, expected) => {
    expect(parseCalicoSelector(text)?.(labels)).toBe(expected);
  });

  it.each([
    'app =~ "web"',
    'app ==',
    'app == "web" extra',
    '(app == "web"',
    'app in {web}',
    'app starts "w"',
  ])('is not understood: %s', (text) => {
    expect(parseCalicoSelector(text)).toBeUndefined();
  });
});
