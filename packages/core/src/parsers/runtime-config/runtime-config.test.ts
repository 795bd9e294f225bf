import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseContainerdConfig, parseCrioConfig } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('containerd', () => {
  it.each([
    // Its only SystemdCgroup is commented out.
    ['001-default-1.6.toml', [{ path: '/opt/cni/bin', line: 76 }], { path: '/etc/cni/net.d', line: 77 }, []],
    ['002-kind.toml', [], undefined, [true, true]],
    ['003-eks-v1.toml', [{ path: '/opt/cni/bin', line: 14 }], { path: '/etc/cni/net.d', line: 15 }, [true]],
  ])('%s', (file, binDirs, confDir, systemdCgroup) => {
    const { value, problems } = parseContainerdConfig(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toMatchObject({ version: 2, binDirs, systemdCgroup, defaultRuntime: 'runc', imports: [] });
    expect(value.confDir).toEqual(confDir);
  });

  it('names the runtime of each cgroup setting', () => {
    expect(parseContainerdConfig(fixture('002-kind.toml')).value.systemdCgroups).toEqual([
      { runtime: 'runc', value: true, line: 24 },
      { runtime: 'test-handler', value: true, line: 33 },
    ]);
  });

  it.each([
    ['version 1', '[plugins.cri.cni]\nbin_dir = "/a"\nconf_dir = "/b"\n', undefined],
    [
      'version 2',
      'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  cni = { bin_dir = "/a", conf_dir = "/b" }\n',
      2,
    ],
    [
      'version 3',
      "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.cni]\nbin_dirs = ['/a']\nconf_dir = '/b'\n",
      3,
    ],
  ])('reads the CNI directories of %s', (_name, text, version) => {
    const { value, problems } = parseContainerdConfig(text);
    expect(problems).toEqual([]);
    expect(value.version).toBe(version);
    expect(value.binDirs.map(({ path }) => path)).toEqual(['/a']);
    expect(value.confDir?.path).toBe('/b');
  });

  it('takes the cgroup setting of the shim of version 1 for something else', () => {
    const text = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nsystemd_cgroup = false\n';
    expect(parseContainerdConfig(text).value.systemdCgroup).toEqual([]);
  });

  it('lists imports', () => {
    const { value } = parseContainerdConfig('imports = ["/etc/containerd/conf.d/*.toml"]\n');
    expect(value.imports).toEqual([{ path: '/etc/containerd/conf.d/*.toml', line: 1 }]);
  });

  it('reports what it cannot read and keeps the rest', () => {
    const text = 'version = "two"\n[plugins.cri.cni]\nbin_dir = /opt/cni/bin\nconf_dir = "/b"\n';
    const { value, problems } = parseContainerdConfig(text);
    expect(problems.map(({ line }) => line).toSorted()).toEqual([1, 3]);
    expect(value).toMatchObject({ binDirs: [], confDir: { path: '/b', line: 4 } });
  });

  it('gives empty lists for an empty text', () => {
    const value = { binDirs: [], systemdCgroup: [], systemdCgroups: [], imports: [] };
    expect(parseContainerdConfig('')).toEqual({ value, problems: [] });
  });
});

describe('CRI-O', () => {
  it('reads the network table', () => {
    const text = `\
[crio]
[crio.runtime]
cgroup_manager = "systemd"
[crio.network]
# cni_default_network = ""
network_dir = "/etc/cni/net.d/"
plugin_dirs = [
	"/opt/cni/bin/",
	"/usr/libexec/cni",
]
`;
    expect(parseCrioConfig(text)).toEqual({
      value: {
        cgroupManager: 'systemd',
        networkDir: { path: '/etc/cni/net.d/', line: 6 },
        pluginDirs: [
          { path: '/opt/cni/bin/', line: 7 },
          { path: '/usr/libexec/cni', line: 7 },
        ],
      },
      problems: [],
    });
  });

  it('reads the single directory of old releases', () => {
    const { value } = parseCrioConfig('[crio.network]\nplugin_dir = "/opt/cni/bin/"\n');
    expect(value.pluginDirs).toEqual([{ path: '/opt/cni/bin/', line: 2 }]);
  });
});
