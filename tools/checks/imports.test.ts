import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const packages = new URL('../../packages/', import.meta.url).pathname;

/** Folders of core, and which others each may import. Data flows one way: evidence, facts, engine, report. */
const CORE_ARROWS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  net: [],
  versions: ['model'],
  parsers: ['model'],
  probes: ['model', 'parsers'],
  facts: ['model', 'parsers', 'probes', 'versions'],
  engine: ['model', 'parsers', 'probes', 'versions', 'facts'],
  datapath: ['model', 'net', 'parsers', 'probes', 'facts'],
  diagnose: ['model', 'net', 'parsers', 'probes', 'versions', 'facts', 'datapath'],
  preflight: ['model', 'versions', 'facts'],
  symptom: ['model', 'facts', 'engine'],
  report: ['model', 'parsers', 'facts', 'engine'],
};

const PACKAGE_ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: ['yaml'],
  catalogue: ['@netvet/core', 'ajv', 'ajv/dist/2020.js', 'yaml'],
  collect: ['@netvet/core', 'modern-tar', 'yaml', 'yauzl', 'xz-decompress'],
  lab: ['@netvet/collect', '@netvet/core'],
  cli: ['@netvet/catalogue', '@netvet/collect', '@netvet/core', '@netvet/lab', 'commander', 'yaml'],
  testkit: ['@netvet/catalogue', '@netvet/core', 'yaml'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      return [...text.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'|import\('([^']+)'\)/gm)].map(
        (match): Import => ({ file, target: match[1] ?? match[2] ?? '' }),
      );
    });
}

it('finds imports at all', () => {
  expect(importsOf(join(packages, 'core/src')).length).toBeGreaterThan(100);
});

it('inside core, imports point one way', () => {
  const root = join(packages, 'core/src');
  const wrong = importsOf(root)
    .filter(({ target }) => target.startsWith('.'))
    .map(({ file, target }) => ({
      file: relative(root, file),
      from: relative(root, file).split('/')[0] ?? '',
      to: relative(root, join(dirname(file), target)).split('/')[0] ?? '',
    }))
    .filter(({ from, to }) => from !== to && from !== 'index.ts' && CORE_ARROWS[from]?.includes(to) !== true);
  expect(wrong).toEqual([]);
});

it.each(Object.keys(PACKAGE_ARROWS))('%s imports only the packages it may', (name) => {
  const wrong = importsOf(join(packages, name, 'src'))
    .filter(({ target }) => !target.startsWith('.') && !target.startsWith('node:'))
    .filter(({ target }) => PACKAGE_ARROWS[name]?.includes(target) !== true);
  expect(wrong).toEqual([]);
});

it('core has no Node modules', () => {
  const wrong = importsOf(join(packages, 'core/src')).filter(({ target }) => target.startsWith('node:'));
  expect(wrong).toEqual([]);
});
