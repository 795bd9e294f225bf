import { ipAddrProbe } from '../../../probes/network.ts';
import { type FactDefinition, from, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, type Reader } from '../../reader.ts';
import { containerEnvironment } from './container-environment.ts';
import { type NodeAddress, nodeAddresses } from './node-addresses.ts';

/** Devices that carry addresses of this host alone, or of tunnels. */
const NOT_A_NIC =
  /^(?:docker\d*|br-[0-9a-f]{12}|cni\d*|podman\d*|virbr\d*|tunl0|vxlan\.calico|wireguard\.cali|kube-ipvs0|nodelocaldns|flannel\.\d+)$/;

/** What is wrong with the node's Calico address for certain: another node has it too, or it is no address of a network card. */
export const nodeAddressFaults: FactDefinition<readonly string[]> = {
  id: 'calico.node-address-faults',
  title: "faults of the node's Calico address",
  level: 'node',
  format: (list) => list.join('; ') || 'none',
  compute(read) {
    const all = read.fact(nodeAddresses);
    const name = read.nodeName() ?? '';
    const own = all.state === 'known' ? all.value.byNode.get(name) : undefined;
    if (all.state === 'unknown' || own === undefined) {
      return unknown({
        fact: 'annotation projectcalico.org/IPv4Address of the node',
        command: 'kubectl get nodes -o json',
      });
    }
    const twin = holdersOf(all.value.byNode, own.address).find(({ node }) => node !== name);
    const device = wrongDevice(read, own);
    const found = [
      ...(twin === undefined ? [] : [`${own.address} is also the address of ${twin.node}`]),
      ...(device === undefined ? [] : [`${own.address} is an address of ${device.name}`]),
    ];
    const origins = [own.origin, ...(twin === undefined ? [] : [twin.origin]), ...(device?.origins ?? [])];
    const devices = read.probe(ipAddrProbe);
    if (found.length === 0 && devices.state === 'missing') return unknown(devices.missing);
    if (found.length === 0 && !all.value.complete) {
      return unknown({ fact: 'addresses of all nodes', command: 'kubectl get nodes -o json' });
    }
    return known(found, ...origins);
  },
};

const holders = new WeakMap<object, ReadonlyMap<string, readonly NodeAddress[]>>();

/** Nodes with an address, looked up in a list that is made once for all nodes. */
function holdersOf(byNode: ReadonlyMap<string, NodeAddress>, address: string): readonly NodeAddress[] {
  let byAddress = holders.get(byNode);
  if (byAddress === undefined) {
    byAddress = Map.groupBy(byNode.values(), (one) => one.address);
    holders.set(byNode, byAddress);
  }
  return byAddress.get(address) ?? [];
}

function wrongDevice(read: Reader, own: NodeAddress) {
  const probe = read.probe(ipAddrProbe);
  if (probe.state === 'missing') return undefined;
  const owners = probe.value.filter(({ addresses }) =>
    addresses.some(({ address }) => address === own.address),
  );
  const [first] = owners;
  if (first === undefined || !owners.every(({ name }) => NOT_A_NIC.test(name))) return undefined;
  return { name: first.name, origins: [at(probe.file, first)] satisfies Origin[] };
}

/** Whether Calico's address of the node is another one than Kubernetes' InternalIP. With several cards that can be meant. */
export const nodeAddressDiffers: FactDefinition<string | null> = {
  id: 'calico.node-address-differs',
  title: "the node's Calico address is not its InternalIP",
  level: 'node',
  format: (text) => text ?? 'no',
  compute(read) {
    const all = read.fact(nodeAddresses);
    const node = read.nodeObject();
    const own = all.state === 'known' ? all.value.byNode.get(node?.object.metadata.name ?? '') : undefined;
    const addresses = (
      node?.object.status as { addresses?: readonly { type?: string; address?: string }[] } | undefined
    )?.addresses;
    const internal = addresses
      ?.filter(({ type }) => type === 'InternalIP')
      .map(({ address }) => address ?? '');
    if (node === undefined || own === undefined || internal === undefined || internal.length === 0) {
      return unknown({
        fact: 'Calico address and InternalIP of the node',
        command: 'kubectl get nodes -o json',
      });
    }
    const origins = [own.origin, inObject(node, '/status/addresses'), from(nodeAddresses)];
    if (internal.includes(own.address)) return known(null, ...origins);
    const text = `${own.address}, InternalIP is ${internal.join(', ')}`;
    return knownUncertain(text, 'with several cards another address can be meant', ...origins);
  },
};

/** How calico-node was told to find the node's address; null: it takes the first one it finds. */
export const addressMethod: FactDefinition<string | null> = {
  id: 'calico.address-method',
  title: "method that finds the node's Calico address",
  level: 'node',
  format: (method) => method ?? 'first found',
  compute(read) {
    const environment = containerEnvironment(read, 'calico-node', 'daemonsets.apps');
    if (environment === undefined) return unknown(missingObjects('daemonsets.apps'));
    const method = environment.variables.get('IP_AUTODETECTION_METHOD');
    if (method === undefined || method.value === 'first-found' || method.value === '') {
      return known(null, method?.origin ?? environment.origin);
    }
    if (method.value === undefined) return unknown(missingObjects('configmaps'));
    return known(method.value, method.origin);
  },
};
