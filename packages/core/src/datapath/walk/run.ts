import { receive } from './receive.ts';
import { send } from './send.ts';
import { transmit } from './transmit.ts';
import { type End, end, type Hop, type Next, noteCaveats, type Walk } from './walk.ts';

/** Stages of one walk; what goes round in circles without being routed ends here. */
const STAGE_LIMIT = 1000;

/** Goes from stage to stage until the walk ends. */
export function runWalk(walk: Walk, first: Next): End {
  let next = first;
  for (let stage = 0; next.kind !== 'end'; stage++) {
    walk.hops.push(hopOf(next));
    next = stage < STAGE_LIMIT ? step(walk, next) : goneAround(walk, next);
  }
  return next;
}

function hopOf(next: Exclude<Next, End>): Hop {
  const { kind, namespace, buffer } = next;
  return {
    kind,
    namespace,
    ...(next.kind === 'send' ? {} : { device: next.device }),
    ...(next.kind === 'transmit' ? { nextHop: next.nextHop } : {}),
    packet: buffer.packet,
    ...(buffer.inner === undefined ? {} : { inner: buffer.inner.packet }),
    ...(buffer.tunnel === undefined ? {} : { tunnel: buffer.tunnel }),
  };
}

function step(walk: Walk, next: Exclude<Next, End>): Next {
  noteCaveats(walk, next.namespace, next.buffer);
  switch (next.kind) {
    case 'arrive':
      return receive(walk, next);
    case 'send':
      return send(walk, next.namespace, next.buffer);
    case 'transmit':
      return transmit(walk, next);
  }
}

function goneAround(walk: Walk, next: Exclude<Next, End>): End {
  return end(walk, 'ttl-expired', next, { element: 'routing', detail: 'the packet goes round in circles' });
}
