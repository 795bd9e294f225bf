import { ipAddrProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at, inObject } from '../../reader.ts';
import { gateway } from './gateway.ts';
import { inRange } from './ipv4-range.ts';

/** IPv4 addresses on the gateway interface that are outside the node's pod range, beside one that is inside. */
export const staleGatewayAddresses: FactDefinition<readonly string[]> = {
  id: 'antrea.stale-gateway-addresses',
  title: 'addresses of an earlier pod range on the gateway interface',
  level: 'node',
  format: (addresses) => addresses.join(', ') || 'none',
  compute(read) {
    const name = read.fact(gateway);
    const probe = read.probe(ipAddrProbe);
    const node = read.nodeObject();
    const spec = node?.object.spec as { podCIDR?: string; podCIDRs?: readonly string[] } | undefined;
    const ranges = (spec?.podCIDRs ?? [spec?.podCIDR ?? '']).filter((range) => /^\d+\./.test(range));
    if (name.state === 'unknown') return name;
    if (probe.state === 'missing') return unknown(probe.missing);
    const link = probe.value.find((one) => one.name === name.value);
    if (node === undefined || ranges.length === 0 || link === undefined) {
      return unknown({ fact: 'pod range of the node', command: 'kubectl get nodes -o json' });
    }
    const own = link.addresses.filter(({ family, scope }) => family === 4 && scope === 'global');
    const stale = own.filter(({ address }) => !ranges.some((range) => inRange(range, address)));
    const origins = [
      inObject(node, '/spec'),
      ...(stale.length > 0 ? stale : [link]).map((place) => at(probe.file, place)),
    ];
    // A single address outside the range may come from another mode of operation.
    const found = stale.length > 0 && stale.length < own.length ? stale : [];
    return known(
      found.map(({ address }) => address),
      ...origins,
    );
  },
};
