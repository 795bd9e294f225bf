import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { dnsQuery, dnsRecordCount } from './dns.ts';
import type { Outcome, ProbeOrder } from './protocol.ts';

const UDP_HEADERS = { 4: 28, 6: 48 };

/** Sends what was ordered and tells what came back. Never rejects. */
export async function probe(order: ProbeOrder): Promise<Outcome> {
  switch (order.protocol) {
    case 'tcp':
      return await probeTcp(order);
    case 'udp':
      return await probeUdp(order, payload(order), identityOf);
    case 'dns':
      return await probeDns(order);
    case 'icmp':
      return await probeIcmp(order);
  }
}

const failed = (error: string): Outcome => ({ ok: false, error });

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}

/** What a server says of itself and the packet it saw. */
function identityOf(answer: Buffer): Outcome {
  try {
    const { server, source } = JSON.parse(answer.toString('utf8')) as { server: string; source: string };
    return { ok: true, server, source };
  } catch {
    return failed('another answer than that of a lab');
  }
}

function probeTcp({ address, port, timeoutMs }: ProbeOrder): Promise<Outcome> {
  return new Promise((resolve) => {
    const answer: Buffer[] = [];
    const socket = connect({ host: address, port });
    const timer = setTimeout(() => done(failed('timeout')), timeoutMs);
    let sourcePort: number | undefined;
    const done = (outcome: Outcome): void => {
      clearTimeout(timer);
      sourcePort ??= socket.localPort;
      socket.destroy();
      resolve({ ...outcome, ...(sourcePort === undefined ? {} : { sourcePort }) });
    };
    // A socket that has ended does not know its port any more.
    socket.on('connectionAttempt', () => {
      sourcePort = socket.localPort;
    });
    socket.on('connect', () => socket.write('who are you?\n'));
    socket.on('data', (chunk) => answer.push(chunk));
    socket.on('end', () => done(identityOf(Buffer.concat(answer))));
    socket.on('error', (error) => done(failed(codeOf(error))));
  });
}

function payload({ size, address }: ProbeOrder): Buffer {
  return Buffer.alloc(Math.max(1, (size ?? 0) - UDP_HEADERS[address.includes(':') ? 6 : 4]));
}

function probeUdp(
  { address, port, timeoutMs }: ProbeOrder,
  message: Buffer,
  judge: (answer: Buffer) => Outcome,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const timer = setTimeout(() => done(failed('timeout')), timeoutMs);
    let sourcePort: number | undefined;
    let isDone = false;
    const done = (outcome: Outcome): void => {
      // A refusal may come after the answer or the timeout, and a socket can be closed only once.
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      socket.close();
      resolve({ ...outcome, ...(sourcePort === undefined ? {} : { sourcePort }) });
    };
    const fail = (error: Error): void => done(failed(codeOf(error)));
    socket.on('error', fail);
    socket.on('message', (answer) => done(judge(answer)));
    // Only connected sockets are told of refusals (net/ipv4/udp.c, `__udp4_lib_err`).
    socket.on('connect', () => {
      if (isDone) return;
      sourcePort = socket.address().port;
      socket.send(message);
    });
    socket.connect(port, address);
  });
}

async function probeDns(order: ProbeOrder): Promise<Outcome> {
  const id = Math.floor(Math.random() * 0x10000);
  return await probeUdp(order, dnsQuery(id, order.name ?? ''), (answer) => {
    const count = dnsRecordCount(answer, id);
    if (count === undefined) return failed('another answer than one of DNS');
    return count > 0 ? { ok: true } : failed('the name does not exist');
  });
}

async function probeIcmp({ address, timeoutMs }: ProbeOrder): Promise<Outcome> {
  const seconds = String(Math.max(1, Math.ceil(timeoutMs / 1000)));
  const args = ['-c', '1', '-W', seconds, address];
  const usual = await run('ping', args);
  const { code, isMissing } = usual.isMissing ? await run('busybox', ['ping', ...args]) : usual;
  if (isMissing) return failed('no ping: install iputils-ping or busybox');
  return code === 0 ? { ok: true } : failed('no answer');
}

function run(program: string, args: readonly string[]): Promise<{ code: number; isMissing: boolean }> {
  return new Promise((resolve) => {
    execFile(program, [...args], (error) => {
      const code = typeof error?.code === 'number' ? error.code : 1;
      resolve({ code: error === null ? 0 : code, isMissing: error?.code === 'ENOENT' });
    });
  });
}
