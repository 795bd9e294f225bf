import { ipLinkProbe } from '../../../../probes/network.ts';
import { sysctlProbe } from '../../../../probes/system.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { at } from '../../../reader.ts';

/** Devices by which packets of pods enter the node, besides its cards. */
const PODS_OR_TUNNELS = /^(?:cali[0-9a-f]{11}|vxlan\.calico|tunl0)$/;
/** Devices that nobody but Calico makes; the kernel makes tunl0 by itself. */
const OF_CALICO = /^(?:cali[0-9a-f]{11}|vxlan\.calico)$/;

/**
 * Settings that keep the node from forwarding IPv4 packets of pods; none where no device shows that Calico carries packets there.
 * The kernel asks the interface on which a packet comes in (IN_DEV_FORWARD in ip_route_input_slow(), net/ipv4/route.c); ip_forward
 * sets all of them at once.
 */
export const forwardingOff: FactDefinition<readonly string[]> = {
  id: 'calico.forwarding-off',
  title: 'settings that keep packets of pods from being forwarded',
  level: 'node',
  format: (names) => names.slice(0, 5).join(', ') || 'none',
  compute(read) {
    const settings = read.probe(sysctlProbe);
    if (settings.state === 'missing') return unknown(settings.missing);
    const links = read.probe(ipLinkProbe);
    if (links.state === 'missing') return unknown(links.missing);
    if (links.complete && !links.value.some(({ name }) => OF_CALICO.test(name))) {
      return known([], at(links.file, {}));
    }
    const used = links.value.filter(({ name, flags }) => PODS_OR_TUNNELS.test(name) && flags.includes('UP'));
    const names = [
      'net.ipv4.ip_forward',
      ...used.map(({ name }) => `net.ipv4.conf.${name}.forwarding`).sort(),
    ];
    const off: { readonly name: string; readonly origin: Origin }[] = [];
    let unread: string | undefined;
    for (const name of names) {
      const entry = settings.value.get(name);
      if (entry === undefined) unread ??= name;
      else if (entry.value === '0') off.push({ name, origin: at(settings.file, entry) });
    }
    if (off.length > 0) {
      return known(
        off.map(({ name }) => name),
        ...off.slice(0, 5).map(({ origin }) => origin),
      );
    }
    if (unread !== undefined || !links.complete) {
      const name = unread ?? 'net.ipv4.conf.all.forwarding';
      return unknown({ fact: `sysctl ${name}`, command: `sysctl ${name}`, where: 'node' });
    }
    const first = settings.value.get('net.ipv4.ip_forward');
    return known([], at(settings.file, first ?? {}), at(links.file, {}));
  },
};
