import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCniBin } from './cni-bin/index.ts';
import { parseCniConf } from './cni-conf/index.ts';
import { parseDmiVendor } from './dmi-vendor/index.ts';
import { parseKernelConfig } from './kernel-config/index.ts';
import { parseKubeYaml } from './kube-objects/index.ts';
import { parseKubeletConfig } from './kubelet-config/index.ts';
import { parseFlags } from './kubelet-flags/index.ts';
import { parseLog } from './logs/index.ts';
import { parseLsmod, parseModulesAvailable, parseModulesBuiltin } from './modules/index.ts';
import { parseOsRelease } from './os-release/index.ts';
import { type Parsed, PROBLEM_LIMIT } from './parsed.ts';
import { parseProxyMode } from './proxy-mode/index.ts';
import { parseContainerdConfig, parseCrioConfig } from './runtime-config/index.ts';
import { parseSysctl } from './sysctl/index.ts';
import { parseToml } from './toml/index.ts';
import { parseUname } from './uname/index.ts';
import { parseUnits } from './units/index.ts';
import { parseYamlDocuments } from './yaml/index.ts';

/** Files to damage: those of a folder's fixtures, or a sample for formats that need none. */
function captures(folder: string): readonly string[] {
  const root = new URL(`${folder}/__fixtures__/`, import.meta.url);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  // Damage shows in the first part of a large file as well as in all of it.
  return files.map((file) => readFileSync(`${file.parentPath}/${file.name}`, 'utf8').slice(0, 4000));
}

const FLAGS = 'ARGS="--a=b --c d"\nExecStart=/usr/bin/kubelet $ARGS \\\n  --e=\'f g\'\n';
const LOG = 'Nov 20 12:00:00 n1 kernel: x\n[    1.000000] y\nI1120 12:00:00.000001 1 a.go:1] z\n';
const CNI_BIN =
  "/a:\ntotal 1\nlrwxrwxrwx 1 a b 1 Jan 1 2024 x -> y\nls: cannot access '/b': No such file or directory\n";
const UNITS = '● a.service not-found inactive dead a.service\nb.timer loaded active waiting B\n';
const KUBELET = 'apiVersion: v1\nkind: KubeletConfiguration\nfeatureGates: {A: true}\n';
const CRIO = '[crio.network]\nnetwork_dir = "/a"\nplugin_dirs = [\n"/b",\n]\n';

const PARSERS: readonly [string, (text: string) => Parsed<unknown>, readonly string[]][] = [
  ['uname', parseUname, captures('uname')],
  ['os-release', parseOsRelease, captures('os-release')],
  ['sysctl', parseSysctl, captures('sysctl')],
  ['lsmod', parseLsmod, captures('modules')],
  ['modules.builtin', parseModulesBuiltin, captures('modules')],
  ['available modules', parseModulesAvailable, ['a yes\nb no\n']],
  ['kernel configuration', parseKernelConfig, captures('kernel-config')],
  ['CNI configuration', parseCniConf, captures('cni-conf')],
  ['CNI directories', parseCniBin, [CNI_BIN]],
  ['TOML', parseToml, captures('runtime-config')],
  ['containerd', parseContainerdConfig, captures('runtime-config')],
  ['CRI-O', parseCrioConfig, [CRIO]],
  ['flags', parseFlags, [FLAGS]],
  ['YAML', parseYamlDocuments, captures('yaml')],
  ['kubelet configuration', parseKubeletConfig, [KUBELET]],
  ['Kubernetes YAML', parseKubeYaml, captures('kube-objects')],
  ['logs', parseLog, [LOG]],
  ['units', parseUnits, [UNITS]],
  ['proxy mode', parseProxyMode, ['ipvs\n']],
  ['DMI vendor', parseDmiVendor, ['QEMU\n']],
];

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom(
    '\0',
    '\n',
    '\r',
    ' ',
    '=',
    '"',
    "'",
    '\\',
    '[',
    ']',
    '{',
    '}',
    ':',
    '#',
    '-',
    '--',
    '.',
    '/',
    '\ud800',
  ),
);

describe.each(PARSERS)('%s', (_name, parse, samples) => {
  it('never throws on damaged captures', () => {
    const damage = fc.array(fc.tuple(fc.nat(4000), fc.nat(40), piece), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...samples), damage, (sample, changes) => {
        let text = sample;
        for (const [at, length, instead] of changes)
          text = text.slice(0, at) + instead + text.slice(at + length);
        expect(parse(text).problems.length).toBeLessThanOrEqual(PROBLEM_LIMIT * 2 + 2);
      }),
    );
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        parse(pieces.join(''));
      }),
    );
  });

  it.each([
    'a',
    ' ',
    '"',
    '\\"',
    '--a ',
    'a.b=',
    '[',
    'a,',
    '_',
    '/',
    '-',
    '1',
    '{"a":',
    '# ',
    '\0',
    "'a'",
    '`',
    'a=',
    'a.',
  ])('ends on a line of nothing but %j', (unit) => {
    for (const start of ['', 'CONFIG_A=', 'a.b = "', 'ID="', 'a = [', 'a 1 1 ', 'Linux a 1.2 ', '/']) {
      parse(start + unit.repeat(100_000 / unit.length));
    }
  });

  it('finds nothing and no problem in an empty text', () => {
    expect(parse('').problems).toEqual([]);
  });
});
