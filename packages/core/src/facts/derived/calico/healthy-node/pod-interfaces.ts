import type { Place } from '../../../../model/evidence.ts';
import type { Link } from '../../../../parsers/ip-link/index.ts';
import { ipAddrProbe } from '../../../../probes/network.ts';
import { type FactDefinition, known, knownUncertain, type Origin, unknown } from '../../../fact.ts';
import { at, missingObjects, type NamespaceReader } from '../../../reader.ts';
import { addressOrigin, type LocalPod, type LocalPods, localPods } from '../local-pods.ts';

interface Found {
  readonly text: string;
  readonly origins: readonly Origin[];
  /** False where the evidence can be explained by a pod that went away while it was collected. */
  readonly isCertain: boolean;
}

/**
 * Running pods of Calico whose pair of interfaces does not work: one end is down, the address is not on the pod's
 * end, the pod's end takes larger packets than the host's, or the host's end does not exist.
 */
export const podInterfaceFaults: FactDefinition<readonly string[]> = {
  id: 'calico.pod-interface-faults',
  title: "faults of the pods' interfaces",
  level: 'node',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const local = localPods(read);
    if ('missing' in local) return unknown(local.missing);
    const namespaces = new Map(read.namespaces().map((namespace) => [namespace.name, namespace]));
    const views = local.pods.map((pod) => ({ pod, inside: inside(pod, namespaces) }));
    const found = views.flatMap(({ pod, inside }) => {
      if (inside.fault !== undefined && pod.link !== undefined) return [inside.fault];
      return outside(pod, local) ?? [];
    });
    const certain = found.filter(({ isCertain }) => isCertain);
    const shown = certain.length > 0 ? certain : found;
    const texts = shown.map(({ text }) => text);
    const origins = shown.slice(0, 4).flatMap((one) => one.origins);
    if (certain.length > 0) return known(texts, ...origins);
    if (found.length > 0) {
      const doubt = 'the pod may have gone between the collection of the pods and that of the node';
      return knownUncertain(texts, doubt, ...origins);
    }
    if (!local.complete) return unknown(missingObjects('pods'));
    if (views.some(({ pod, inside }) => pod.link !== undefined && !inside.isSeen)) return unknown(INSIDE);
    return known([], at(local.file, {}));
  },
};

const INSIDE = {
  fact: "addresses in every pod's network namespace",
  command: 'nsenter -t PID -n ip addr',
  where: 'node',
};

/** What the host shows of a pod. */
function outside({ name, hostEnd, link, isMarked, stored }: LocalPod, local: LocalPods): Found | undefined {
  if (link === undefined) {
    // Other plugins name their interfaces otherwise; only the mark tells that this one is missing.
    if (!isMarked || !local.complete) return undefined;
    const text = `${name}: the host has no interface ${hostEnd}`;
    return { text, origins: [addressOrigin(stored), at(local.file, {})], isCertain: false };
  }
  const what = linkFault(link);
  if (what === undefined) return undefined;
  const origins = [at(local.file, link), addressOrigin(stored)];
  return { text: `${name}: ${link.name} ${what}`, origins, isCertain: true };
}

/** A veth without carrier has its other end down: netif_carrier_off() in veth_close(), drivers/net/veth.c. */
function linkFault({ flags, state }: Link): string | undefined {
  if (!flags.includes('UP')) return 'is down';
  if (flags.includes('NO-CARRIER') || flags.includes('M-DOWN') || state === 'LOWERLAYERDOWN') {
    return 'has no carrier: its end in the pod is down';
  }
  return undefined;
}

interface Inside {
  /** True where it was read, or where there is nothing to see. */
  readonly isSeen: boolean;
  readonly fault?: Found;
}

/** What the pod's own namespace shows. A sandbox of its own, as gVisor has, takes the address away from the kernel. */
function inside(
  { name, address, stored, link }: LocalPod,
  namespaces: ReadonlyMap<string, NamespaceReader>,
): Inside {
  const { runtimeClassName } = (stored.object.spec ?? {}) as { runtimeClassName?: unknown };
  const namespace = namespaces.get(name.replace('/', '_'));
  const addresses = namespace?.probe(ipAddrProbe);
  if (runtimeClassName !== undefined) return { isSeen: true };
  if (namespace === undefined || addresses?.state !== 'read') return { isSeen: false };
  const file = `netns/${namespace.name}/${addresses.file}`;
  const fault = (text: string, place: Place): Inside => {
    const origins = [at(file, place), addressOrigin(stored)];
    return { isSeen: true, fault: { text: `${name}: ${text}`, origins, isCertain: true } };
  };
  const own = addresses.value.find((link) => link.addresses.some((one) => one.address === address));
  if (own === undefined) {
    return addresses.complete
      ? fault(`no interface in the pod has the address ${address}`, {})
      : { isSeen: false };
  }
  if (!own.flags.includes('UP')) return fault(`${own.name} in the pod is down`, own);
  // The host's end drops what is larger than itself: is_skb_forwardable() behind veth_forward_skb(), drivers/net/veth.c.
  if (own.mtu !== undefined && link?.mtu !== undefined && own.mtu > link.mtu) {
    return fault(`${own.name} in the pod has the MTU ${own.mtu}, ${link.name} only ${link.mtu}`, own);
  }
  return { isSeen: true };
}
