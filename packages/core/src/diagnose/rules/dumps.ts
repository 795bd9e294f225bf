import type { Namespace } from '../../datapath/model/namespace.ts';
import type { Family } from '../../net/address.ts';
import type { IptablesSave } from '../../parsers/iptables-save/index.ts';
import {
  ip6tablesLegacySaveProbe,
  ip6tablesNftSaveProbe,
  ip6tablesSaveProbe,
  iptablesLegacySaveProbe,
  iptablesNftSaveProbe,
  iptablesSaveProbe,
  iptablesVersionProbe,
} from '../../probes/firewall.ts';

/** Rules of one family as one iptables command shows them. */
export interface RuleDump {
  readonly backend: 'legacy' | 'nft' | undefined;
  /** The command that changes them: `iptables-legacy`, `ip6tables-nft`, or without back end where it is not known. */
  readonly command: string;
  readonly save: IptablesSave;
  readonly file: string;
  readonly isComplete: boolean;
}

const PROBES = {
  4: [
    ['legacy', iptablesLegacySaveProbe],
    ['nft', iptablesNftSaveProbe],
    [undefined, iptablesSaveProbe],
  ],
  6: [
    ['legacy', ip6tablesLegacySaveProbe],
    ['nft', ip6tablesNftSaveProbe],
    [undefined, ip6tablesSaveProbe],
  ],
} as const;

/** All dumps of iptables that were taken in a namespace, each back end once. */
export function ruleDumps(namespace: Namespace, family: Family): readonly RuleDump[] {
  const found: RuleDump[] = [];
  for (const [known, probe] of PROBES[family]) {
    const read = namespace.evidence.read(probe);
    if (read === undefined) continue;
    const backend = known ?? read.value.backend ?? namespace.host.read(iptablesVersionProbe)?.value?.backend;
    if (backend !== undefined && found.some((dump) => dump.backend === backend)) continue;
    const tool = family === 6 ? 'ip6tables' : 'iptables';
    found.push({
      backend,
      command: backend === undefined ? tool : `${tool}-${backend}`,
      save: read.value,
      file: read.file,
      isComplete: read.complete,
    });
  }
  return found;
}
