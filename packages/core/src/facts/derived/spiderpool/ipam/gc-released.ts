import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { podLogsCommand } from '../../../pod-logs-command.ts';
import type { Reader } from '../../../reader.ts';
import { hasLogs, linesOf } from '../logs.ts';
import { addressOf, byName, ENDPOINTS } from '../objects.ts';
import { addressesOf, isOfStatefulSet } from './records.ts';

/** Reason that only releases before the fix give; newer ones compare with the pod and leave StatefulSets alone. */
const REASON = /IPPoolAllocation pod UID is different with Endpoint pod UID/;
const RELEASED = /release ip '([^']+)' successfully/;

/** Addresses of StatefulSet pods that the garbage collector logged as released because the pod has a new UID. */
export const gcReleased: FactDefinition<readonly string[]> = {
  id: 'spiderpool.gc-released-statefulset-ips',
  title: 'addresses of StatefulSets that garbage collection released',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join(', '),
  compute(read): Fact<readonly string[]> {
    const fixed = statefulSetAddresses(read);
    const found: { ip: string; origin: Origin }[] = [];
    for (const { text, origin } of linesOf(read, 'controller', REASON)) {
      const ip = addressOf(RELEASED.exec(text)?.[1] ?? '');
      if (ip !== undefined && fixed.has(ip)) found.push({ ip, origin });
    }
    if (found.length === 0 && !hasLogs(read, 'controller')) {
      return unknown({
        fact: 'log of spiderpool-controller',
        command: podLogsCommand('spiderpool-controller', '--tail=20000'),
      });
    }
    return known(
      found.map(({ ip }) => ip),
      ...found.slice(0, 3).map(({ origin }) => origin),
    );
  },
};

function statefulSetAddresses(read: Reader): ReadonlySet<string> {
  const endpoints = [...byName(read.objects(ENDPOINTS)).values()].filter(isOfStatefulSet);
  return new Set(endpoints.flatMap((stored) => addressesOf(stored).map(({ ip }) => ip)));
}
