import { connect } from 'node:net';
import { LabError } from '../errors.ts';
import type { Order, Outcome } from './protocol.ts';

/** Gives an order to the agent behind a socket. Throws a `LabError` where no agent listens. */
export async function callAgent(socketFile: string, order: Order): Promise<Outcome> {
  return await new Promise((resolve, reject) => {
    const socket = connect(socketFile);
    let text = '';
    socket.on('connect', () => socket.write(`${JSON.stringify(order)}\n`));
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      if (!text.endsWith('\n')) return;
      socket.destroy();
      resolve(JSON.parse(text) as Outcome);
    });
    const fail = (): void => {
      const message = `no agent answers on ${socketFile}; build the lab again with netvet lab up`;
      reject(new LabError('no-agent', message));
    };
    socket.on('error', fail);
    // Where the order was carried out, this comes too late to matter.
    socket.on('close', fail);
  });
}
