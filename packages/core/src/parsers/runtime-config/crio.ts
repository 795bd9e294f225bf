import type { Parsed } from '../parsed.ts';
import { parseToml, type TomlEntry } from '../toml/index.ts';
import { type ConfiguredPath, hasPath, pathsOf } from './settings.ts';

/** What a CRI-O configuration says about CNI and cgroups. What it does not say has CRI-O's default. */
export interface CrioConfig {
  /** Directories of CNI plugins, in order: `plugin_dirs`, and `plugin_dir` of old releases. */
  readonly pluginDirs: readonly ConfiguredPath[];
  /** Directory of CNI configuration. */
  readonly networkDir?: ConfiguredPath;
  /** Name of the CNI network to use; without it the first file of the directory counts. */
  readonly defaultNetwork?: string;
  /** `systemd` or `cgroupfs`. */
  readonly cgroupManager?: string;
}

/**
 * Reads `/etc/crio/crio.conf`, its drop-ins, or the output of `crio config` and `crio status config`.
 *
 * ```toml
 * [crio.network]
 * network_dir = "/etc/cni/net.d/"
 * plugin_dirs = ["/opt/cni/bin/"]
 * ```
 * gives `{ networkDir: { path: '/etc/cni/net.d/', line: 2 }, pluginDirs: [{ path: '/opt/cni/bin/', line: 3 }] }`.
 */
export function parseCrioConfig(text: string): Parsed<CrioConfig> {
  const { value: toml, problems } = parseToml(text);
  const last = (...path: readonly string[]): TomlEntry | undefined =>
    toml.entries.findLast((entry) => hasPath(entry, ['crio', ...path]));

  // Several drop-ins may stand one after the other in the text; a later list takes the place of an earlier one.
  const dirs = last('network', 'plugin_dirs');
  const oldDir = last('network', 'plugin_dir');
  const networkDir = last('network', 'network_dir');
  const [network] = networkDir === undefined ? [] : pathsOf(networkDir);
  const defaultNetwork = last('network', 'cni_default_network')?.value;
  const cgroupManager = last('runtime', 'cgroup_manager')?.value;
  return {
    value: {
      pluginDirs: [dirs, oldDir].flatMap((entry) => (entry === undefined ? [] : pathsOf(entry))),
      ...(network === undefined ? {} : { networkDir: network }),
      ...(typeof defaultNetwork === 'string' && defaultNetwork !== '' ? { defaultNetwork } : {}),
      ...(typeof cgroupManager === 'string' && cgroupManager !== '' ? { cgroupManager } : {}),
    },
    problems,
  };
}
