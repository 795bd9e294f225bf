import type { IptablesSave } from '../../../parsers/iptables-save/index.ts';
import {
  ip6tablesLegacySaveProbe,
  ip6tablesNftSaveProbe,
  ip6tablesSaveProbe,
  iptablesLegacySaveProbe,
  iptablesNftSaveProbe,
  iptablesPathProbe,
  iptablesSaveProbe,
  iptablesVersionProbe,
} from '../../../probes/firewall.ts';
import { type FactDefinition, known, type Origin } from '../../fact.ts';
import { at, type ProbeRead, type Reader } from '../../reader.ts';

export type Backend = 'legacy' | 'nft';

/** Rules of one family in one back end. */
export interface IptablesDump {
  readonly family: 4 | 6;
  /** Undefined where the dump's header and the iptables version leave it open. */
  readonly backend: Backend | undefined;
  readonly save: IptablesSave;
  /** File relative to the node's directory. */
  readonly file: string;
  /** False where the dump was cut or has lines that were not understood. */
  readonly complete: boolean;
}

/**
 * All iptables dumps of the host.
 * The plain `iptables-save` counts under the back end that its header names (from 1.8.8 on), that
 * `iptables -V` names, or that the link of the command leads to; it is left out where the dump of that back end was taken as well.
 */
export const iptablesDumps: FactDefinition<readonly IptablesDump[]> = {
  id: 'iptables.dumps',
  title: 'iptables dumps',
  level: 'node',
  format: (dumps) => dumps.map((dump) => dump.file).join(', ') || 'none',
  compute(read) {
    const dumps = [
      ...familyDumps(read, 4, iptablesLegacySaveProbe, iptablesNftSaveProbe, iptablesSaveProbe),
      ...familyDumps(read, 6, ip6tablesLegacySaveProbe, ip6tablesNftSaveProbe, ip6tablesSaveProbe),
    ];
    const origins: Origin[] = dumps.map((dump) => at(dump.file, {}));
    return known(dumps, ...origins);
  },
};

type SaveProbe = typeof iptablesSaveProbe;

function familyDumps(
  read: Reader,
  family: 4 | 6,
  legacyProbe: SaveProbe,
  nftProbe: SaveProbe,
  plainProbe: SaveProbe,
): IptablesDump[] {
  const legacy = dumpOf(read.probe(legacyProbe), family, 'legacy');
  const nft = dumpOf(read.probe(nftProbe), family, 'nft');
  const plain = plainDump(read, read.probe(plainProbe), family);
  const known = [legacy, nft].filter((dump) => dump !== undefined);
  if (
    plain === undefined ||
    (plain.backend !== undefined && known.some((dump) => dump.backend === plain.backend))
  ) {
    return known;
  }
  return [...known, plain];
}

function plainDump(read: Reader, probe: ProbeRead<IptablesSave>, family: 4 | 6): IptablesDump | undefined {
  if (probe.state === 'missing') return undefined;
  return dumpOf(probe, family, probe.value.backend ?? commandBackend(read));
}

/** What the command itself says, else where its link leads. */
function commandBackend(read: Reader): Backend | undefined {
  const version = read.probe(iptablesVersionProbe);
  const said = version.state === 'read' ? version.value?.backend : undefined;
  if (said !== undefined) return said;
  const path = read.probe(iptablesPathProbe);
  const links = path.state === 'read' ? path.value : [];
  return links.find((link) => link.path.endsWith('/iptables'))?.backend;
}

function dumpOf(
  probe: ProbeRead<IptablesSave>,
  family: 4 | 6,
  backend: Backend | undefined,
): IptablesDump | undefined {
  if (probe.state === 'missing') return undefined;
  return { family, backend, save: probe.value, file: probe.file, complete: probe.complete };
}
