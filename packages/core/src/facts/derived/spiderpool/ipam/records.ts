import type { Origin } from '../../../fact.ts';
import { inObject } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { addressOf, fieldOf, fieldsOf, textOf } from '../objects.ts';

/** A record of a pool: who holds an address. */
export interface AllocationRecord {
  readonly ip: string;
  /** `namespace/name` */
  readonly pod: string;
  readonly podUid: string;
}

/** Records of a SpiderIPPool, kept as JSON in a text; undefined where the text is damaged. */
export function recordsOf({ object }: StoredObject): readonly AllocationRecord[] | undefined {
  const text = fieldOf(object, 'status.allocatedIPs');
  if (text === undefined || text === null || text === '') return [];
  if (typeof text !== 'string') return undefined;
  try {
    return Object.entries(fieldsOf(JSON.parse(text) as unknown)).map(([ip, value]) => {
      const { pod, podUid } = fieldsOf(value);
      return { ip: addressOf(ip) ?? ip, pod: textOf(pod) ?? '', podUid: textOf(podUid) ?? '' };
    });
  } catch {
    return undefined;
  }
}

/** Where the records of a pool stand. */
export function recordsOrigin(stored: StoredObject): Origin {
  return inObject(stored, '/status/allocatedIPs');
}

/** An address that a SpiderEndpoint holds, with the pool it is said to come from. */
export interface EndpointAddress {
  readonly ip: string;
  readonly pool: string | undefined;
  readonly interface: string | undefined;
  readonly pointer: string;
}

/** Addresses of a SpiderEndpoint. */
export function addressesOf({ object }: StoredObject): readonly EndpointAddress[] {
  const list = fieldOf(object, 'status.current.ips');
  if (!Array.isArray(list)) return [];
  return list.map(fieldsOf).flatMap((one, index) =>
    (['ipv4', 'ipv6'] as const).flatMap((family) => {
      const ip = addressOf(textOf(one[family]) ?? '');
      if (ip === undefined) return [];
      return [
        {
          ip,
          pool: textOf(one[`${family}Pool`]),
          interface: textOf(one.interface),
          pointer: `/status/current/ips/${index}/${family}`,
        },
      ];
    }),
  );
}

/** True for a SpiderEndpoint of a StatefulSet, which keeps its address from pod to pod. */
export function isOfStatefulSet({ object }: StoredObject): boolean {
  return fieldOf(object, 'status.ownerControllerType') === 'StatefulSet';
}
