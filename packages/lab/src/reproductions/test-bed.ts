import { spawn } from 'node:child_process';
import { type Command, inside } from '../netns/command.ts';
import { runCommand, tryCommand } from '../netns/driver.ts';

/** A TCP connect that was timed. */
export interface TimedConnect {
  /** Undefined where it did not come about. */
  readonly seconds: number | undefined;
  /** What the server sent: its name. */
  readonly answer: string;
}

const CONNECT_TIMEOUT_SECONDS = 8;

/** Says its name to whoever connects, and closes first, so that the client's port is free at once. */
const SERVER = `
require('node:net').createServer((socket) => { socket.on('error', () => {}); socket.end(process.argv[2]); })
  .listen(Number(process.argv[1]), () => console.log('ready'));`;

const CLIENT = `
const [address, port, localPort] = process.argv.slice(1);
const start = performance.now();
let seconds, answer = '';
const done = () => { console.log(JSON.stringify({ seconds, answer })); process.exit(); };
const socket = require('node:net').connect({ host: address, port: Number(port), ...(localPort ? { localPort: Number(localPort) } : {}) });
socket.on('connect', () => { seconds = (performance.now() - start) / 1000; });
socket.on('data', (data) => { answer += data; });
socket.on('end', done);
socket.on('error', done);
setTimeout(done, ${CONNECT_TIMEOUT_SECONDS * 1000});`;

/** Network namespaces of one reproduction, and what runs in them. All of it goes when it is closed. */
export class TestBed {
  readonly #prefix: string;
  readonly #names: string[] = [];
  readonly #servers: { kill(): void }[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Makes network namespaces, with the loopback interface up. */
  async add(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await runCommand({ run: ['ip', 'netns', 'add', this.netns(name)] });
      this.#names.push(name);
      await this.run(name, 'ip link set lo up');
    }
  }

  /** Full name of a namespace. */
  netns(name: string): string {
    return `${this.#prefix}${name}`;
  }

  /** Joins two namespaces by a pair of interfaces with these names. */
  async join(left: string, leftDevice: string, right: string, rightDevice: string): Promise<void> {
    await runCommand({
      run: [
        ...['ip', 'link', 'add', leftDevice, 'netns', this.netns(left), 'type', 'veth'],
        ...['peer', 'name', rightDevice, 'netns', this.netns(right)],
      ],
    });
  }

  /** Runs shell lines; the first that fails ends it with an error. */
  async run(name: string, script: string, input?: string): Promise<string> {
    return await runCommand(this.#command(name, script, input));
  }

  /** The same, but nothing where it fails. */
  async try(name: string, script: string): Promise<string | undefined> {
    return await tryCommand(this.#command(name, script).run);
  }

  #command(name: string, script: string, input?: string): Command {
    return inside(this.netns(name), ['sh', '-e', '-c', script], input);
  }

  /** Starts a TCP server that says its name; ready when it returns. */
  async serve(name: string, port: number): Promise<void> {
    const words = ['netns', 'exec', this.netns(name), process.execPath, '-e', SERVER, String(port), name];
    const child = spawn('ip', words, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#servers.push(child);
    await new Promise<void>((resolve) => {
      child.stdout.once('data', () => resolve());
      child.once('close', () => resolve());
    });
  }

  async connect(name: string, address: string, port: number, localPort?: number): Promise<TimedConnect> {
    const words = [address, String(port), ...(localPort === undefined ? [] : [String(localPort)])];
    const printed = await runCommand(inside(this.netns(name), [process.execPath, '-e', CLIENT, ...words]));
    const { seconds, answer } = JSON.parse(printed) as { seconds?: number; answer: string };
    return { seconds, answer };
  }

  async close(): Promise<void> {
    for (const server of this.#servers) server.kill();
    for (const name of this.#names) await tryCommand(['ip', 'netns', 'del', this.netns(name)]);
  }
}
