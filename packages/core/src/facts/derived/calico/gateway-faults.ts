import type { Sysctls } from '../../../parsers/sysctl/index.ts';
import { ipAddrProbe, ipLinkProbe, ipNeighProbe, ipRouteProbe } from '../../../probes/network.ts';
import { sysctlProbe } from '../../../probes/system.ts';
import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, type NamespaceReader, type ProbeRead, type Reader } from '../../reader.ts';
import { hostEndName } from './local-pods.ts';

/** A part of the way from a pod to its host that is not as Calico makes it. */
export interface GatewayFault {
  /** `namespace_pod` or the name of the host's interface. */
  readonly where: string;
  readonly what: string;
}

const GATEWAY = '169.254.1.1';
/** MAC of every host end since Calico 3.0. */
const HOST_MAC = 'ee:ee:ee:ee:ee:ee';
const HOST_END = /^cali[0-9a-f]{11}$/;
const SETTING = /^net\.ipv4\.conf\.(cali[0-9a-f]{11})\.proxy_arp$/;

interface Found {
  readonly fault: GatewayFault;
  readonly origin: Origin;
}

/**
 * What breaks the link-local gateway of Calico's pods on this node: seen inside the pods (neighbour, routes, MAC) and on
 * the host (proxy ARP). That nothing is broken is only said where the host and every pod were seen.
 * https://docs.tigera.io/calico/latest/reference/faq
 */
export const gatewayFaults: FactDefinition<readonly GatewayFault[]> = {
  id: 'calico.gateway-faults',
  title: "faults on the way to the pods' gateway 169.254.1.1",
  level: 'node',
  format: (faults) =>
    faults
      .slice(0, 5)
      .map(({ where, what }) => `${where}: ${what}`)
      .join('; ') || 'none',
  compute(read) {
    const pods = read.namespaces().map((namespace) => inPod(read, namespace));
    const found = [...pods.flatMap((pod) => pod.found), ...proxyArpOff(read)];
    if (found.length > 0) {
      return known(
        found.map(({ fault }) => fault),
        ...found.slice(0, 8).map(({ origin }) => origin),
      );
    }
    return nothingFound(read, pods.filter((pod) => pod.seen).length);
  },
};

/** Interface names of the host whose proxy ARP is off, for commands. */
export const proxyArpOffDevices: FactDefinition<string> = {
  id: 'calico.proxy-arp-off',
  title: 'host interfaces of pods without proxy ARP',
  level: 'node',
  compute(read) {
    const found = proxyArpOff(read);
    const origins = found.map(({ origin }) => origin);
    return known(found.map(({ fault }) => fault.where).join(' '), ...origins);
  },
};

function nothingFound(read: Reader, podsSeen: number): Fact<readonly GatewayFault[]> {
  const links = read.probe(ipLinkProbe);
  if (links.state === 'missing') return unknown(links.missing);
  const ends = links.value.filter(({ name }) => HOST_END.test(name));
  if (links.complete && ends.length === 0) return known([], at(links.file, {}));
  const settings = read.probe(sysctlProbe);
  const unseen = ends.filter(
    ({ name }) => settings.state === 'missing' || !settings.value.has(`net.ipv4.conf.${name}.proxy_arp`),
  );
  const [first] = unseen;
  if (first !== undefined || settings.state === 'missing') {
    const name = `net.ipv4.conf.${first?.name ?? 'caliXXXXXXXXXXX'}.proxy_arp`;
    return unknown({ fact: `sysctl ${name}`, command: `sysctl ${name}`, where: 'node' });
  }
  if (!links.complete || podsSeen < ends.length) {
    return unknown({
      fact: "routes and neighbours of every pod's network namespace",
      command: 'nsenter -t PID -n ip neigh; nsenter -t PID -n ip route',
      where: 'node',
    });
  }
  return known([], at(settings.file, {}), at(links.file, {}));
}

interface Switched {
  readonly device: string;
  readonly entry: { readonly value: string; readonly line: number };
}

const switched = new WeakMap<Sysctls, readonly Switched[]>();

/** Host ends with proxy ARP off, looked for once in settings that many nodes share. */
function switchedOff(settings: Sysctls): readonly Switched[] {
  let found = switched.get(settings);
  if (found === undefined) {
    found = [...settings].flatMap(([name, entry]) => {
      const device = SETTING.exec(name)?.[1];
      return device === undefined || entry.value.trim() !== '0' ? [] : [{ device, entry }];
    });
    switched.set(settings, found);
  }
  return found;
}

/** An interface without IPv4 (a pod that has IPv6 only) needs no proxy ARP. */
function proxyArpOff(read: Reader): readonly Found[] {
  const settings = read.probe(sysctlProbe);
  if (settings.state === 'missing') return [];
  const routes = read.probe(ipRouteProbe);
  const found: Found[] = [];
  for (const { device, entry } of switchedOff(settings.value)) {
    if (routes.state === 'read' && routes.complete && !routes.value.some((one) => one.device === device))
      continue;
    found.push({ fault: { where: device, what: 'proxy_arp is 0' }, origin: at(settings.file, entry) });
  }
  return found;
}

interface PodView {
  /** True where routes and neighbours were read whole, and they are those of a pod of Calico. */
  readonly seen: boolean;
  readonly found: readonly Found[];
}

function inPod(read: Reader, pod: NamespaceReader): PodView {
  const routes = pod.probe(ipRouteProbe);
  const neighbours = pod.probe(ipNeighProbe);
  const found = [
    ...neighbourFaults(read, pod, neighbours),
    ...macFaults(pod),
    ...routeFaults(read, pod, routes),
  ];
  const seen =
    routes.state === 'read' &&
    routes.complete &&
    neighbours.state === 'read' &&
    neighbours.complete &&
    routes.value.some(({ gateway }) => gateway === GATEWAY);
  return { seen, found };
}

function neighbourFaults(
  read: Reader,
  pod: NamespaceReader,
  probe: ProbeRead<
    readonly { address: string; mac?: string; state: string; line?: number; pointer?: string }[]
  >,
): readonly Found[] {
  if (probe.state === 'missing') return [];
  return probe.value.flatMap((entry) => {
    if (entry.address !== GATEWAY) return [];
    const what = neighbourFault(read, pod, entry);
    return what === undefined ? [] : [foundIn(pod, what, probe.file, entry)];
  });
}

function neighbourFault(
  read: Reader,
  pod: NamespaceReader,
  { mac, state }: { readonly mac?: string; readonly state: string },
): string | undefined {
  if (/\b(?:FAILED|INCOMPLETE)\b/.test(state)) return `the neighbour ${GATEWAY} is ${state}`;
  if (mac === undefined || mac === HOST_MAC) return undefined;
  const links = read.probe(ipLinkProbe);
  const hostLinks = links.state === 'read' ? links.value : [];
  // Calico's pods learn the MAC. Amazon's plugin uses the same gateway address and writes the MAC of its own veth for good.
  const [namespace = '', name = ''] = pod.name.split('_');
  const isCalicos = hostLinks.some((link) => link.name === hostEndName(namespace, name));
  if (/\bPERMANENT\b/.test(state) && !isCalicos) return undefined;
  // Kernels that refuse the fixed MAC leave a random one on the host end; that the pod knows it is then right.
  const isHostEnd = hostLinks.some((link) => link.mac === mac);
  return isHostEnd ? undefined : `the neighbour ${GATEWAY} has the MAC ${mac} instead of ${HOST_MAC}`;
}

function macFaults(pod: NamespaceReader): readonly Found[] {
  const links = pod.probe(ipLinkProbe);
  const probe = links.state === 'read' ? links : pod.probe(ipAddrProbe);
  if (probe.state === 'missing') return [];
  // A namespace that has host ends of its own is a node inside a node, as in a test cluster.
  return probe.value
    .filter(({ name, mac }) => mac === HOST_MAC && !name.startsWith('cali'))
    .map((link) => foundIn(pod, `${link.name} has the MAC ${HOST_MAC} of the host end`, probe.file, link));
}

interface PodRoute {
  readonly destination: string;
  readonly isDefault: boolean;
  readonly gateway?: string;
  readonly flags: readonly string[];
  readonly family: 4 | 6;
  readonly table: string;
}

function routeFaults(
  read: Reader,
  pod: NamespaceReader,
  probe: ProbeRead<readonly PodRoute[]>,
): readonly Found[] {
  if (probe.state === 'missing' || !probe.complete) return [];
  const main = probe.value.filter(({ family, table }) => family === 4 && table === 'main');
  const viaGateway = main.find(({ isDefault, gateway }) => isDefault && gateway === GATEWAY);
  const link = main.find(
    ({ destination, gateway }) => destination === `${GATEWAY}/32` && gateway === undefined,
  );
  if (viaGateway !== undefined && link === undefined && !viaGateway.flags.includes('onlink')) {
    return [foundIn(pod, `there is no route to ${GATEWAY} itself`, probe.file, {})];
  }
  // With several interfaces the default route may lead elsewhere on purpose; none at all is a fault.
  if (link !== undefined && !main.some(({ isDefault }) => isDefault)) {
    return [foundIn(pod, `there is no default route via ${GATEWAY}`, probe.file, {})];
  }
  if (link === undefined && !main.some(({ isDefault }) => isDefault) && isOfCalico(read, pod)) {
    return [foundIn(pod, `there is neither a route to ${GATEWAY} nor a default route`, probe.file, {})];
  }
  return [];
}

/** Calico's plugin marks the pods it connected and gives their eth0 a single address without a network. */
function isOfCalico(read: Reader, pod: NamespaceReader): boolean {
  const object = read
    .podsOnNode()
    ?.items.find(({ object: { metadata } }) => `${metadata.namespace}_${metadata.name}` === pod.name);
  const annotations = object?.object.metadata.annotations as Readonly<Record<string, unknown>> | undefined;
  if (annotations?.['cni.projectcalico.org/podIP'] !== undefined) return true;
  const addresses = pod.probe(ipAddrProbe);
  if (addresses.state === 'missing') return false;
  const eth0 = addresses.value.find(({ name }) => name === 'eth0');
  return eth0?.addresses.some(({ family, prefixLength }) => family === 4 && prefixLength === 32) === true;
}

function foundIn(
  pod: NamespaceReader,
  what: string,
  file: string,
  place: { readonly line?: number; readonly pointer?: string },
): Found {
  return {
    fault: { where: pod.name, what },
    origin: at(`netns/${pod.name}/${file}`, {
      ...(place.line === undefined ? {} : { line: place.line }),
      ...(place.pointer === undefined ? {} : { pointer: place.pointer }),
    }),
  };
}
