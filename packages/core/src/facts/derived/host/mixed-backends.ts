import { isBefore18 } from '../../../parsers/iptables-version/index.ts';
import { iptablesVersionProbe } from '../../../probes/firewall.ts';
import { type Fact, type FactDefinition, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { type Backend, type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';
import { ownersIn } from './iptables-owners.ts';

/**
 * Kubernetes network programs whose rules stand in both iptables back ends of one family; each as a sentence.
 * A family counts as clean only where both back ends were read whole, or where iptables is older than the second one.
 */
export const mixedBackends: FactDefinition<readonly string[]> = {
  id: 'host.mixed-iptables',
  title: 'Kubernetes rules in both iptables back ends',
  level: 'node',
  format: (found) => found.join('; ') || 'none',
  compute(read) {
    const fact = read.fact(iptablesDumps);
    const dumps = fact.state === 'known' ? fact.value : [];
    const families = ([4, 6] as const)
      .filter((family) => family === 4 || dumps.some((dump) => dump.family === 6))
      .map((family) => ofFamily(read, family, dumps));
    return (
      families.find((one) => one.state === 'known' && one.value.length > 0 && one.uncertain === undefined) ??
      families.find((one) => one.state === 'known' && one.value.length > 0) ??
      families.find((one) => one.state === 'unknown') ??
      known([], ...families.flatMap((one) => (one.state === 'known' ? one.origins : [])))
    );
  },
};

interface Use {
  readonly dump: IptablesDump;
  readonly backend: Backend;
  readonly owners: ReadonlyMap<string, Origin>;
}

function ofFamily(read: Reader, family: 4 | 6, dumps: readonly IptablesDump[]): Fact<readonly string[]> {
  const uses = dumps.flatMap((dump) =>
    dump.family === family && dump.backend !== undefined
      ? [{ dump, backend: dump.backend, owners: ownersIn(dump) }]
      : [],
  );
  const legacy = uses.find(({ backend }) => backend === 'legacy');
  const nft = uses.find(({ backend }) => backend === 'nft');
  if (legacy !== undefined && nft !== undefined && legacy.owners.size > 0 && nft.owners.size > 0) {
    const text = `${names(legacy)} in legacy and ${names(nft)} in nft${family === 6 ? ' (IPv6)' : ''}`;
    return known([text], ...legacy.owners.values(), ...nft.owners.values());
  }
  const warning = legacy === undefined && nft !== undefined ? legacyWarning(nft) : undefined;
  if (warning !== undefined && nft !== undefined) {
    return knownUncertain(
      [`${names(nft)} in nft, while legacy tables exist as well`],
      'legacy tables exist, but nobody looked whether they hold rules',
      warning,
      ...nft.owners.values(),
    );
  }
  const origins = uses.map(({ dump }) => at(dump.file, {}));
  return isSettled(read, uses) ? known([], ...origins) : unknown(...missingDumps(family, uses));
}

function names({ owners }: Use): string {
  return [...owners.keys()].sort().join(' and ');
}

/** The nft command says so when the kernel has legacy tables; whether they are empty it does not say. */
function legacyWarning({ dump, owners }: Use): Origin | undefined {
  if (owners.size === 0) return undefined;
  const warning = dump.save.warnings.find(({ text }) => /legacy tables present/.test(text));
  return warning === undefined ? undefined : at(dump.file, warning);
}

function isSettled(read: Reader, uses: readonly Use[]): boolean {
  const whole = new Set(uses.filter(({ dump }) => dump.complete).map(({ backend }) => backend));
  if (whole.size === 2) return true;
  const version = read.probe(iptablesVersionProbe);
  const text = version.state === 'read' ? version.value?.version : undefined;
  return whole.has('legacy') && text !== undefined && isBefore18(text);
}

function missingDumps(family: 4 | 6, uses: readonly Use[]) {
  const tool = family === 6 ? 'ip6tables' : 'iptables';
  return (['legacy', 'nft'] as const)
    .filter((backend) => !uses.some((use) => use.backend === backend && use.dump.complete))
    .map((backend) => ({
      fact: `${backend} ${tool} rules`,
      command: `${tool}-${backend}-save -c`,
      where: 'node',
    }));
}
