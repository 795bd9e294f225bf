import { describe, expect, it } from 'vitest';
import { SAMPLES, type Sample } from '../../samples/index.ts';
import { html } from './html.ts';
import { htmlFormat } from './index.ts';
import { STYLES } from './styles.ts';

function render({ report, issues }: Sample): string {
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  return htmlFormat.render(report, { issues: byId, colour: false, width: 100, verbose: true, quiet: false });
}

it('escapes texts, keeps markup and leaves out nothing else', () => {
  const inner = html`<b>${'<i>&"\'\u001b[31m\u202E'}</b>`;

  expect(html`<p title="${'"x"'}">${[inner, inner]}${undefined}${7}</p>`.markup).toBe(
    `<p title="&quot;x&quot;">${'<b>&lt;i&gt;&amp;&quot;&#39;\\e[31m\\u{202e}</b>'.repeat(2)}7</p>`,
  );
});

describe.each(SAMPLES)('the report of the sample $name', (sample) => {
  const text = render(sample);
  const tags = [...text.matchAll(/<\/?([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/g)];

  it('has no script, no handler and nothing to load', () => {
    const names = new Set(tags.map(([, name]) => name));
    for (const name of [
      'script',
      'img',
      'iframe',
      'object',
      'embed',
      'link',
      'base',
      'svg',
      'audio',
      'video',
    ]) {
      expect(names).not.toContain(name);
    }
    const attributes = tags.flatMap(([, , list = '']) =>
      [...list.matchAll(/([a-z-]+)(?:="[^"]*")?/g)].map(([, name]) => name),
    );
    expect(attributes.filter((name) => name?.startsWith('on') || name === 'src' || name === 'style')).toEqual(
      [],
    );
  });

  it('links only to the web and inside itself', () => {
    const targets = [...text.matchAll(/ href="([^"]*)"/g)].map(([, target]) => target ?? '');
    for (const target of targets) expect(target).toMatch(/^(?:https?:\/\/[^\s"'<>]+|#[a-z]+)$/);
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    for (const [whole, name = ''] of tags) {
      if (['meta', 'input', 'br'].includes(name)) continue;
      if (whole.startsWith('</')) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('has one main heading, no level left out, and unique ids', () => {
    const levels = [...text.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries()) {
      if (index > 0) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    }
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const SCHEMES = STYLES.split('@media (prefers-color-scheme: dark)')
  .slice(0, 2)
  .map((part) => colours(part));

function colours(styles: string): ReadonlyMap<string, string> {
  return new Map(
    [...styles.matchAll(/--([a-z]+): (#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Contrast of two colours: WCAG 2.2, "contrast ratio". */
function contrast(left: string, right: string): number {
  const [low = 0, high = 0] = [luminance(left), luminance(right)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const TONES = ['critical', 'high', 'medium', 'low', 'info', 'good', 'open'];
const PAIRS = [
  ...['ground', 'card', 'code'].flatMap((ground) =>
    ['text', 'soft', 'link'].map((ink) => [ink, ground] as const),
  ),
  ...TONES.map((tone) => ['on', tone] as const),
  ...TONES.map((tone) => [tone, 'card'] as const),
];

it.each(PAIRS)('%s on %s is readable in light and dark (WCAG AA)', (ink, ground) => {
  for (const scheme of SCHEMES) {
    expect(contrast(scheme.get(ink) ?? '', scheme.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
  }
});
