import { type Fact, type FactDefinition, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { inObject, type Reader } from '../../reader.ts';
import { readKey } from '../config-map/index.ts';
import { byName, fieldsOf } from './objects.ts';
import { containersOfProgram, environmentOf, type Program, spiderpoolNamespace } from './workloads.ts';

const MISSING_CONF = {
  fact: 'settings of Spiderpool (ConfigMap spiderpool-conf, key conf.yml)',
  command: 'kubectl get configmaps -A -o json',
};

/** `true` and `false` as people and Helm write them. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = String(value ?? '').toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** The ConfigMap that agent and controller read at start, whatever namespace it is in. */
function configuration(read: Reader): { value: unknown; origin: Origin } | undefined {
  const namespace = spiderpoolNamespace(read)?.value;
  const maps = [...byName(read.objects('configmaps')).values()].filter(
    ({ object }) =>
      object.metadata.name === 'spiderpool-conf' &&
      (namespace === undefined || object.metadata.namespace === namespace),
  );
  const [first, ...others] = maps;
  if (first === undefined || others.length > 0) return undefined;
  const content = readKey(first, 'conf.yml');
  return content.state === 'read' ? content.document : undefined;
}

/**
 * A switch of `conf.yml`. The programs take a key that is not written as `false`; the chart of a release that knows
 * the switch always writes it, so a missing key is only an inference.
 */
function settingFact(id: string, key: string, title: string): FactDefinition<boolean> {
  return {
    id,
    title,
    level: 'cluster',
    fromText: booleanOf,
    compute(read): Fact<boolean> {
      const conf = configuration(read);
      if (conf === undefined) return unknown(MISSING_CONF);
      const fields = fieldsOf(conf.value);
      if (!Object.hasOwn(fields, key)) {
        return knownUncertain(false, `conf.yml does not name ${key}`, conf.origin);
      }
      const value = booleanOf(fields[key]);
      return value === undefined ? unknown(MISSING_CONF) : known(value, conf.origin);
    },
  };
}

/** An on-off environment variable; `absent` is what its absence means in a container that was read whole. */
function environmentFact(
  id: string,
  title: string,
  sources: readonly { readonly program: Program; readonly name: string; readonly absent?: boolean }[],
): FactDefinition<boolean> {
  return {
    id,
    title,
    level: 'cluster',
    fromText: booleanOf,
    compute(read): Fact<boolean> {
      for (const { program, name, absent } of sources) {
        for (const container of containersOfProgram(read, program)) {
          const variable = environmentOf(container, name);
          const value = booleanOf(variable?.value);
          if (variable !== undefined && value !== undefined) return known(value, variable.origin);
          if (variable === undefined && absent !== undefined) {
            return known(absent, inObject(container.stored, container.pointer));
          }
        }
      }
      return unknown({
        fact: `environment variable ${sources.map(({ name }) => name).join(' or ')}`,
        command: 'kubectl get deployments,jobs,pods -A -o json',
      });
    },
  };
}

export const kubevirtStaticIp = settingFact(
  'spiderpool.kubevirt-static-ip',
  'enableKubevirtStaticIP',
  'fixed addresses of KubeVirt machines (enableKubevirtStaticIP)',
);

export const statefulSetIp = settingFact(
  'spiderpool.statefulset-ip',
  'enableStatefulSet',
  'fixed addresses of StatefulSets (enableStatefulSet)',
);

export const subnetFeature = settingFact(
  'spiderpool.subnet-feature',
  'enableSpiderSubnet',
  'SpiderSubnet feature (enableSpiderSubnet)',
);

export const ipConflictDetection = settingFact(
  'spiderpool.ip-conflict-detection',
  'enableIPConflictDetection',
  'conflict detection of IPAM (enableIPConflictDetection)',
);

export const gatewayDetection = settingFact(
  'spiderpool.gateway-detection',
  'enableGatewayDetection',
  'gateway detection of IPAM (enableGatewayDetection)',
);

/** Garbage collection of addresses is on unless the controller is told otherwise. */
export const ipGarbageCollection = environmentFact('spiderpool.ip-gc', 'garbage collection of addresses', [
  { program: 'controller', name: 'SPIDERPOOL_GC_IP_ENABLED', absent: true },
]);

/** What the chart was told in `multus.enableMultusConfig`. */
export const multusConfigEnabled = environmentFact(
  'spiderpool.multus-config-enabled',
  'SpiderMultusConfig feature (multus.enableMultusConfig)',
  [
    { program: 'init', name: 'SPIDERPOOL_INIT_ENABLE_MULTUS_CONFIG' },
    { program: 'controller', name: 'SPIDERPOOL_MULTUS_CONFIG_ENABLED' },
    { program: 'agent', name: 'SPIDERPOOL_MULTUS_CONFIG_ENABLED' },
  ],
);

/** Switch of 0.9.2 and newer against freeing addresses of pods that hang in Terminating on a ready node. */
export const zombieOnReadyNode = environmentFact(
  'spiderpool.gc-terminating-ready',
  'garbage collection for terminating pods on ready nodes',
  [
    {
      program: 'controller',
      name: 'SPIDERPOOL_GC_STATELESS_TERMINATING_POD_ON_READY_NODE_ENABLED',
      absent: true,
    },
  ],
);

/** The same for nodes that are not ready. */
export const zombieOnNotReadyNode = environmentFact(
  'spiderpool.gc-terminating-not-ready',
  'garbage collection for terminating pods on nodes that are not ready',
  [
    {
      program: 'controller',
      name: 'SPIDERPOOL_GC_STATELESS_TERMINATING_POD_ON_NOT_READY_NODE_ENABLED',
      absent: true,
    },
  ],
);

/** The single older switch of the 0.8 line. */
export const terminatingPods = environmentFact(
  'spiderpool.gc-terminating',
  'garbage collection for terminating pods',
  [{ program: 'controller', name: 'SPIDERPOOL_GC_TERMINATING_POD_IP_ENABLED', absent: true }],
);
