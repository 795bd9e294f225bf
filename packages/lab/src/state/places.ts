import { join } from 'node:path';

/** Where labs are remembered until the machine starts again. */
export const STATE_DIRECTORY = '/run/netvet-lab';

/** File that remembers a lab. */
export function stateFile(lab: string): string {
  return join(STATE_DIRECTORY, `${lab}.json`);
}

/** Directory of the sockets of a lab's agents. */
export function socketDirectory(lab: string): string {
  return join(STATE_DIRECTORY, lab);
}

/** Socket of the agent in a network namespace. */
export function socketOf(lab: string, netns: string): string {
  return join(socketDirectory(lab), `${netns}.sock`);
}
