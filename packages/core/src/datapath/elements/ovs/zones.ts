import type { Flow } from '../../../net/flow.ts';
import { Connection } from '../conntrack/connection.ts';

/** A connection in one zone of a bridge, with what flows write into it. */
export class ZoneConnection {
  readonly connection: Connection;
  label = 0n;
  /** Whether it was kept (`commit`); what was not is forgotten when the packet has passed. */
  isCommitted = false;

  constructor(flow: Flow) {
    this.connection = new Connection(flow, false);
  }
}

/** The connections that the flows of one bridge keep: those of one zone know nothing of another, nor of the host's. */
export class Zones {
  readonly #byZone = new Map<bigint, ZoneConnection[]>();

  find(
    zone: bigint,
    flow: Flow,
  ): { readonly entry: ZoneConnection; readonly direction: 'original' | 'reply' } | undefined {
    for (const entry of this.#byZone.get(zone) ?? []) {
      const direction = entry.connection.directionOf(flow);
      if (direction !== undefined) return { entry, direction };
    }
    return undefined;
  }

  commit(zone: bigint, entry: ZoneConnection): void {
    if (entry.isCommitted) return;
    entry.isCommitted = true;
    const known = this.#byZone.get(zone);
    if (known === undefined) this.#byZone.set(zone, [entry]);
    else known.push(entry);
  }

  /** As after packets of both directions have passed. */
  establish(): void {
    for (const entry of [...this.#byZone.values()].flat()) entry.connection.isEstablished = true;
  }
}
