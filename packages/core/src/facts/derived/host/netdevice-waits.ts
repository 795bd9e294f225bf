import { dmesgProbe, journalProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

const WAITING = /unregister_netdevice: waiting for lo to become free\. Usage count = \d+/;

/**
 * How often the kernel said that it waits for a loopback device. It repeats that every 10 s while a namespace hangs; a line
 * or two come up in a normal teardown.
 */
export const netdeviceWaits: FactDefinition<number> = {
  id: 'host.loopback-waits',
  title: 'messages about a loopback device that does not become free',
  level: 'node',
  compute(read) {
    const probes = [read.probe(journalProbe), read.probe(dmesgProbe)];
    let most: { readonly count: number; readonly origin: ReturnType<typeof at> } | undefined;
    for (const probe of probes) {
      if (probe.state === 'missing') continue;
      const lines = probe.value.filter(({ text }) => WAITING.test(text));
      const count = lines.length;
      if (most === undefined || count > most.count) most = { count, origin: at(probe.file, lines[0] ?? {}) };
    }
    if (most !== undefined) return known(most.count, most.origin);
    return unknown(...probes.flatMap((probe) => (probe.state === 'missing' ? [probe.missing] : [])));
  },
};
