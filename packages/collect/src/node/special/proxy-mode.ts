import { get } from 'node:http';
import type { Host } from '../host.ts';
import type { Outcome } from '../outcome.ts';
import type { Limits } from '../run-command.ts';

/** Longest answer: the mode is one word. */
const LONGEST_ANSWER = 1000;

/** Asks the kube-proxy of this host for its mode. */
export async function askProxyMode(host: Host, limits: Limits, signal?: AbortSignal): Promise<Outcome> {
  const started = performance.now();
  const outcome = await ask(host.proxyPort, limits, signal);
  return { ...outcome, durationMs: Math.round(performance.now() - started) };
}

export function proxyModeRequest(port: number): string {
  return `GET http://127.0.0.1:${port}/proxyMode`;
}

function ask(port: number, { timeoutMs }: Limits, signal?: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const ends = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    const fail = (error: Error): void =>
      resolve({ status: deadline.aborted ? 'timed-out' : 'failed', message: error.message });
    const request = get(
      { host: '127.0.0.1', port, path: '/proxyMode', agent: false, signal: ends },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > LONGEST_ANSWER) response.destroy(new Error('the answer is too long'));
        });
        response.on('error', fail);
        response.on('end', () => {
          if (response.statusCode !== 200)
            resolve({ status: 'failed', message: `HTTP status ${response.statusCode}` });
          else
            resolve(
              text === ''
                ? { status: 'empty', bytes: Buffer.of() }
                : { status: 'ok', bytes: Buffer.from(text) },
            );
        });
      },
    );
    request.on('error', fail);
  });
}
