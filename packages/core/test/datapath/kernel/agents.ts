import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Receipt } from './judge.ts';
import { FIRST_SOURCE_PORT, type LabPlan, PORTS, placeNamed, type Question } from './plan.ts';

/** How long nothing may arrive before a lab counts as quiet. */
const QUIET_MS = 200;

interface AgentEvent {
  readonly kind: 'synced' | 'received' | 'answered' | 'failed';
  readonly id: number;
  readonly address: string;
  readonly port: number;
  readonly source: string;
  readonly error: string;
}

/** The processes that listen and send in all namespaces of one lab. */
export class Agents {
  /** Datagrams that arrived, by question. */
  readonly receipts = new Map<number, Receipt>();
  readonly answered = new Set<number>();
  /** What the sender was told went wrong, by question. */
  readonly errors = new Map<number, string[]>();
  readonly #plan: LabPlan;
  readonly #children = new Map<string, ChildProcess>();
  readonly #echoes = new Map<string, ChildProcess>();
  readonly #prefix: string;
  /** Whom to tell that a process has done what it was told. */
  readonly #synced = new Map<ChildProcess, () => void>();
  #news = 0;

  constructor(prefix: string, plan: LabPlan) {
    this.#plan = plan;
    this.#prefix = prefix;
    const agent = new URL('agent.ts', import.meta.url).pathname;
    for (const { name } of plan.places) this.#children.set(name, this.#spawn(name, process.execPath, agent));
  }

  #spawn(name: string, ...command: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', `${this.#prefix}${name}`, ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.on('exit', () => this.#synced.get(child)?.());
    return child;
  }

  async listen(): Promise<void> {
    for (const [name, child] of this.#children) this.#follow(name, child);
    const { family } = this.#plan;
    await this.#sync(this.#children.values(), (child) =>
      tell(child, { kind: 'listen', family, ports: PORTS }),
    );
  }

  #follow(name: string, child: ChildProcess): void {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { kind, id, address, port, source, error } = JSON.parse(line) as AgentEvent;
      if (kind === 'synced') {
        this.#synced.get(child)?.();
        return;
      }
      this.#news++;
      if (kind === 'answered') this.answered.add(id);
      if (kind === 'received') this.receipts.set(id, { at: name, address, port, source });
      if (kind === 'failed') this.errors.set(id, [...(this.errors.get(id) ?? []), error]);
    });
  }

  send(question: Question): void {
    const { id, from, protocol, destination, port, isSourceOpen } = question;
    const { family } = this.#plan;
    const { address } = placeNamed(this.#plan, from);
    if (protocol === 'icmp') {
      const line = [family, id, FIRST_SOURCE_PORT + id, address, destination, question.size ?? 84].join(' ');
      this.#echo(from).stdin?.write(`${line}\n`);
      return;
    }
    const child = this.#children.get(from);
    if (child === undefined) return;
    tell(child, {
      kind: 'send',
      id,
      protocol,
      family,
      ...(isSourceOpen ? {} : { source: address }),
      sourcePort: FIRST_SOURCE_PORT + id,
      destination,
      destinationPort: port,
    });
  }

  #echo(name: string): ChildProcess {
    let child = this.#echoes.get(name);
    if (child === undefined) {
      child = this.#spawn(name, 'perl', new URL('echo.pl', import.meta.url).pathname);
      this.#follow(name, child);
      this.#echoes.set(name, child);
    }
    return child;
  }

  /** Waits until all is sent and nothing happens any more, however slow the machine is. */
  async quiet(): Promise<void> {
    await this.#sync(this.#echoes.values(), (child) => child.stdin?.write('end\n'));
    for (let before = -1; before !== this.#news; ) {
      before = this.#news;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      await this.#sync(this.#children.values(), (child) => tell(child, { kind: 'sync' }));
    }
  }

  /** Waits until processes have done all that they were told. */
  async #sync(children: Iterable<ChildProcess>, ask: (child: ChildProcess) => void): Promise<void> {
    const ready = [...children].map(
      (child) =>
        new Promise<void>((resolve) => {
          this.#synced.set(child, resolve);
          if (child.exitCode === null) ask(child);
          else resolve();
        }),
    );
    await Promise.all(ready);
  }

  stop(): void {
    for (const child of [...this.#children.values(), ...this.#echoes.values()]) child.kill();
  }
}

function tell(child: ChildProcess, command: object): void {
  child.stdin?.write(`${JSON.stringify(command)}\n`);
}
