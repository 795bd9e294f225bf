import { ipAddrProbe } from '../../../../probes/network.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../../fact.ts';
import { at, missingObjects } from '../../../reader.ts';
import { localPods } from '../local-pods.ts';
import { addressHolders } from './address-holders.ts';

/** Addresses that stand on an interface inside a pod of this node and belong to another pod, a node or its tunnel. */
export const foreignAddresses: FactDefinition<readonly string[]> = {
  id: 'calico.foreign-addresses',
  title: "others' addresses inside pods",
  level: 'node',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const local = localPods(read);
    if ('missing' in local) return unknown(local.missing);
    const holders = read.fact(addressHolders);
    if (holders.state === 'unknown') return holders;
    const namespaces = new Map(read.namespaces().map((namespace) => [namespace.name, namespace]));
    const found: { readonly text: string; readonly origins: readonly Origin[] }[] = [];
    let isWhole = local.complete;
    for (const { name, link } of local.pods) {
      const directory = name.replace('/', '_');
      const probe = namespaces.get(directory)?.probe(ipAddrProbe);
      if (probe?.state !== 'read') {
        isWhole &&= link === undefined;
        continue;
      }
      isWhole &&= probe.complete;
      for (const entry of probe.value.flatMap((one) => (one.name === 'lo' ? [] : one.addresses))) {
        const owners = holders.value.get(entry.address) ?? [];
        const [other] = owners;
        // An address that the pod is meant to have may be given twice, which is another fault.
        if (other === undefined || owners.some(({ owner }) => owner === `pod ${name}`)) continue;
        const text = `${name} has ${entry.address} of ${other.what}`;
        found.push({ text, origins: [at(`netns/${directory}/${probe.file}`, entry), other.origin] });
      }
    }
    if (found.length === 0 && !isWhole) {
      return unknown(
        {
          fact: "addresses in every pod's network namespace",
          command: 'nsenter -t PID -n ip addr',
          where: 'node',
        },
        ...(local.complete ? [] : [missingObjects('pods')]),
      );
    }
    return known(
      found.map(({ text }) => text),
      ...(found.length > 0 ? found.slice(0, 4).flatMap(({ origins }) => origins) : [at(local.file, {})]),
      from(addressHolders),
    );
  },
};
