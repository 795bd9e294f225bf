import type { InterfaceAddresses } from '../../../../parsers/ip-addr/index.ts';
import { ipAddrProbe } from '../../../../probes/network.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../../fact.ts';
import { at, inObject } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { encapsulation } from '../encapsulation.ts';
import { annotationsOf } from '../local-pods.ts';
import { ADDRESS_ANNOTATION } from '../node-addresses.ts';
import { IPIP_ADDRESS, VXLAN_ADDRESS } from './remote-blocks.ts';

const DEVICES = {
  vxlan: { name: 'vxlan.calico', annotation: VXLAN_ADDRESS },
  ipip: { name: 'tunl0', annotation: IPIP_ADDRESS },
} as const;

interface Found {
  readonly text: string;
  readonly origins: readonly Origin[];
}

/**
 * What the tunnel devices in use have other than the Node object says, which is what the other nodes go by: the device is not
 * there or down, has another address, or sends from another address or card than the node's.
 */
export const tunnelDeviceFaults: FactDefinition<readonly string[]> = {
  id: 'calico.tunnel-device-faults',
  title: 'faults of the tunnel devices',
  level: 'node',
  format: (list) => list.join('; ') || 'none',
  compute(read) {
    const ways = read.fact(encapsulation);
    if (ways.state === 'unknown') return ways;
    const tunnels = ways.value.filter((way) => way !== 'none');
    if (tunnels.length === 0) return known([], from(encapsulation));
    const node = read.nodeObject();
    const probe = read.probe(ipAddrProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const found: Found[] = [];
    const seen: Origin[] = [];
    let isWhole = probe.complete;
    for (const tunnel of tunnels) {
      const { name, annotation } = DEVICES[tunnel];
      const wanted = addressIn(node, annotation);
      const device = probe.value.find((link) => link.name === name);
      isWhole &&= wanted !== undefined;
      if (device !== undefined) {
        const place = (link: InterfaceAddresses) => at(probe.file, link);
        const faults = [
          ...deviceFaults(device, wanted, place),
          ...underlayFaults(device, node, probe.value, place),
        ];
        found.push(...faults);
        seen.push(place(device));
      } else if (probe.complete && wanted !== undefined) {
        found.push({ text: `there is no ${name}`, origins: [wanted.origin, at(probe.file, {})] });
      }
    }
    if (found.length === 0 && !isWhole) {
      return unknown({
        fact: 'tunnel address of the node (annotations of projectcalico.org)',
        command: 'kubectl get nodes -o json; ip -d addr',
      });
    }
    return known(
      found.map(({ text }) => text),
      ...(found.length > 0 ? found.flatMap(({ origins }) => origins) : seen),
      from(encapsulation),
    );
  },
};

interface Wanted {
  readonly address: string;
  readonly origin: Origin;
}

function addressIn(node: StoredObject | undefined, annotation: string): Wanted | undefined {
  const text = annotationsOf(node)[annotation];
  const [address] = typeof text === 'string' ? text.split('/') : [];
  if (node === undefined || address === undefined || address === '') return undefined;
  return { address, origin: inObject(node, `/metadata/annotations/${annotation.replace('/', '~1')}`) };
}

type Place = (link: InterfaceAddresses) => Origin;

function deviceFaults(
  device: InterfaceAddresses,
  wanted: Wanted | undefined,
  place: Place,
): readonly Found[] {
  const { name, flags, addresses } = device;
  if (!flags.includes('UP')) return [{ text: `${name} is down`, origins: [place(device)] }];
  const own = addresses.filter(({ family }) => family === 4).map(({ address }) => address);
  if (wanted === undefined || own.includes(wanted.address)) return [];
  const text = `${name} has ${own.join(', ') || 'no address'} instead of ${wanted.address}`;
  return [{ text, origins: [place(device), wanted.origin] }];
}

/** The address and the card that the outer packets leave from. Devices for flows of eBPF have neither. */
function underlayFaults(
  device: InterfaceAddresses,
  node: StoredObject | undefined,
  links: readonly InterfaceAddresses[],
  place: Place,
): readonly Found[] {
  const { local, dev } = device.details;
  const wanted = addressIn(node, ADDRESS_ANNOTATION);
  if (device.name !== 'vxlan.calico' || wanted === undefined || device.details.external !== undefined)
    return [];
  if (typeof local === 'string' && local !== wanted.address) {
    const text = `${device.name} sends from ${local}, the address of the node is ${wanted.address}`;
    return [{ text, origins: [place(device), wanted.origin] }];
  }
  const owners = links.filter(
    ({ name, addresses }) =>
      !/^(?:lo$|kube-ipvs0$|nodelocaldns|dummy)/.test(name) &&
      addresses.some(({ address }) => address === wanted.address),
  );
  const [owner, other] = owners;
  if (owner === undefined || other !== undefined || typeof dev !== 'string' || dev === owner.name) return [];
  const text = `${device.name} sends by ${dev}, ${wanted.address} is on ${owner.name}`;
  return [{ text, origins: [place(device), place(owner)] }];
}
