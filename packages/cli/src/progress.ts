import { hostname } from 'node:os';
import type { Messages } from './terminal.ts';

/** Passes things on and shows how many came. */
export async function* counted<T>(items: AsyncIterable<T>, messages: Messages): AsyncGenerator<T> {
  let count = 0;
  for await (const item of items) {
    count++;
    messages.progress(`collecting on ${hostname()}: ${count} pieces of evidence`);
    yield item;
  }
}
