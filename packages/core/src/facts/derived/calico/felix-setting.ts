import { type Fact, type FactDefinition, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import type { ObjectList, StoredObject } from '../../snapshot/object-store.ts';
import { containerEnvironment, type Variable } from './container-environment.ts';

/** Fields of FelixConfiguration whose environment variable is not simply the field in upper case. */
const VARIABLE_NAMES: Readonly<Record<string, string>> = {
  ipipMTU: 'IPINIPMTU',
  ipipEnabled: 'IPINIPENABLED',
  bpfDataIfacePattern: 'BPFDATAIFACEPATTERN',
};

/** Names under which the API server, or Calico's own, lists them. */
const RESOURCES = ['felixconfigurations.crd.projectcalico.org', 'felixconfigurations.projectcalico.org'];

/**
 * What somebody set a Felix option to, on this node; null: nobody did, so the release's own default is in force.
 *
 * Felix takes the environment of calico-node first, then its configuration file (which no installer uses), then the
 * FelixConfiguration `node.<name>`, then `default`.
 * https://docs.tigera.io/calico/latest/reference/felix/configuration
 */
export const felixSetting: FactDefinition<string | null> = {
  id: 'calico.felix',
  title: 'Felix setting',
  parameter: 'field of FelixConfiguration',
  level: 'node',
  format: (value) => value ?? 'not set',
  compute(read, field) {
    const setting = effective(read, field);
    return setting.state === 'unknown' && read.hypothetical ? known(null) : setting;
  },
};

function effective(read: Reader, field: string): Fact<string | null> {
  const environment = containerEnvironment(read, 'calico-node', 'daemonsets.apps');
  const variable = environment?.variables.get(`FELIX_${VARIABLE_NAMES[field] ?? field.toUpperCase()}`);
  if (variable !== undefined && variable.value !== '') return fromVariable(variable, field);
  const stored = fromConfigurations(read, field);
  if (environment !== undefined) {
    return stored.state === 'known'
      ? { ...stored, origins: [...stored.origins, environment.origin] }
      : stored;
  }
  if (stored.state === 'unknown' || stored.value === null) {
    return unknown(missingObjects('daemonsets.apps'), ...(stored.state === 'unknown' ? stored.missing : []));
  }
  return knownUncertain(
    stored.value,
    `the environment of calico-node was not collected and may say otherwise`,
    ...stored.origins,
  );
}

function fromVariable({ value, origin }: Variable, field: string): Fact<string | null> {
  if (value !== undefined) return known(value, origin);
  return unknown({
    fact: `value of ${field} in the environment of calico-node`,
    command: 'kubectl get configmaps -A -o json',
  });
}

function fromConfigurations(read: Reader, field: string): Fact<string | null> {
  const lists = RESOURCES.map((resource) => read.objects(resource)).filter((list) => list !== undefined);
  const items = lists.flatMap((list) => list.items);
  const own = ownConfiguration(read, items);
  const general = items.find(({ object }) => object.metadata.name === 'default');
  for (const stored of [own, general]) {
    const value = stored === undefined ? undefined : valueIn(stored, field);
    if (stored !== undefined && value !== undefined) {
      return known(value, inObject(stored, `/spec/${field}`));
    }
  }
  if (!lists.some(({ complete }) => complete)) return unknown(missingObjects(RESOURCES[0] ?? ''));
  return known(null, ...originsOf(general, lists));
}

/** Nodes without a configuration of their own stay alike: their name is only asked where one exists. */
function ownConfiguration(read: Reader, items: readonly StoredObject[]): StoredObject | undefined {
  const special = items.filter(({ object }) => object.metadata.name.startsWith('node.'));
  if (special.length === 0) return undefined;
  const name = `node.${read.nodeName() ?? ''}`;
  return special.find(({ object }) => object.metadata.name === name);
}

function valueIn({ object }: StoredObject, field: string): string | undefined {
  const value = (object.spec as Readonly<Record<string, unknown>> | undefined)?.[field];
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function originsOf(general: StoredObject | undefined, lists: readonly ObjectList[]): readonly Origin[] {
  if (general !== undefined) return [inObject(general, '/spec')];
  return lists.flatMap((list) => list.files.map((file) => ({ file })));
}
