import { type Parsed, ProblemLog } from '../parsed.ts';
import { parseToml, type TomlEntry } from '../toml/index.ts';
import { type ConfiguredPath, hasPath, pathsOf } from './settings.ts';

/** Whether a runtime leaves cgroups to systemd. */
export interface SystemdCgroupSetting {
  /** Name of the runtime, for example `runc`. */
  readonly runtime: string;
  readonly value: boolean;
  readonly line: number;
}

/** What a containerd configuration file says about CNI and cgroups. What it does not say has containerd's default. */
export interface ContainerdConfig {
  /** Version of the form of the file. A file without one is read as version 1 by containerd. */
  readonly version?: number;
  /** Directories of CNI plugins, in order: `bin_dir`, and `bin_dirs` of newer releases. */
  readonly binDirs: readonly ConfiguredPath[];
  /** Directory of CNI configuration. */
  readonly confDir?: ConfiguredPath;
  /** `SystemdCgroup` of every runtime in the order of the file; `systemdCgroups` names the runtimes. */
  readonly systemdCgroup: readonly boolean[];
  readonly systemdCgroups: readonly SystemdCgroupSetting[];
  /** Name of the runtime for pods without a runtime class. */
  readonly defaultRuntime?: string;
  /** Other configuration files that are merged over this one; not read here. */
  readonly imports: readonly ConfiguredPath[];
}

/**
 * Where the CRI settings stand: `plugins.cri` in version 1, the second in version 2, the third in version 3
 * (https://github.com/containerd/containerd/blob/main/docs/cri/config.md). The last wins where several are there.
 */
const CRI = [
  ['plugins', 'cri'],
  ['plugins', 'io.containerd.grpc.v1.cri'],
  ['plugins', 'io.containerd.cri.v1.runtime'],
] as const;

/**
 * Reads `/etc/containerd/config.toml` of all versions, or the output of `containerd config dump`.
 *
 * ```toml
 * version = 2
 * [plugins."io.containerd.grpc.v1.cri".cni]
 *   bin_dir = "/opt/cni/bin"
 * ```
 * gives `{ version: 2, binDirs: [{ path: '/opt/cni/bin', line: 3 }], systemdCgroup: [], … }`.
 */
export function parseContainerdConfig(text: string): Parsed<ContainerdConfig> {
  const { value: toml, problems: tomlProblems } = parseToml(text);
  const problems = new ProblemLog();
  const settings = (...names: readonly string[]): readonly TomlEntry[] =>
    toml.entries.filter((entry) => CRI.some((plugin) => hasPath(entry, [...plugin, ...names])));

  const version = toml.entries.find((entry) => hasPath(entry, ['version']));
  if (version !== undefined && typeof version.value !== 'number') {
    problems.add({ line: version.line }, 'the version is not a number', String(version.value));
  }
  const confDir = settings('cni', 'conf_dir').flatMap(pathsOf).at(-1);
  const defaultRuntime = settings('containerd', 'default_runtime_name').at(-1)?.value;
  const systemdCgroups: SystemdCgroupSetting[] = [];
  for (const { path, value, line } of settings('containerd', 'runtimes', '*', 'options', 'SystemdCgroup')) {
    if (typeof value === 'boolean') systemdCgroups.push({ runtime: path.at(-3) ?? '', value, line });
    else problems.add({ line }, 'SystemdCgroup is neither true nor false', String(value));
  }
  return {
    value: {
      ...(typeof version?.value === 'number' ? { version: version.value } : {}),
      binDirs: [...settings('cni', 'bin_dirs'), ...settings('cni', 'bin_dir')].flatMap(pathsOf),
      ...(confDir === undefined ? {} : { confDir }),
      systemdCgroup: systemdCgroups.map(({ value }) => value),
      systemdCgroups,
      ...(typeof defaultRuntime === 'string' && defaultRuntime !== '' ? { defaultRuntime } : {}),
      imports: toml.entries.filter((entry) => hasPath(entry, ['imports'])).flatMap(pathsOf),
    },
    problems: [...tomlProblems, ...problems.list()],
  };
}
