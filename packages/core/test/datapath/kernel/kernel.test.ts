import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { collectLab } from './evidence.ts';
import { disagreements, FIRST_SOURCE_PORT, type Question, type Receipt, type RecordedLab } from './judge.ts';
import { Random } from './random.ts';
import { PORTS, randomIptables, randomNftables, randomRouting, SERVICES } from './rules.ts';
import { ADDRESS, buildLab, NAMESPACES, type Name, removeLab, run } from './topology.ts';

/** Another seed, or more labs: `NETVET_KERNEL_SEED=7 NETVET_KERNEL_LABS=100 vitest run …`. */
const SEED = Number(process.env.NETVET_KERNEL_SEED ?? 1);
const LABS = Number(process.env.NETVET_KERNEL_LABS ?? 20);
const PACKETS_PER_LAB = 50;
/** A folder to write labs to, with what was seen, for machines that can not build them. */
const RECORD = process.env.NETVET_KERNEL_RECORD;
/** How long nothing may arrive before a lab counts as quiet. */
const QUIET_MS = 200;

const prefix = `nvt${process.pid}-`;
const reason = whyNot();

/** Why the kernel can not be asked here; undefined where it can. */
function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  try {
    execFileSync('ip', ['netns', 'add', `${prefix}try`], { stdio: 'ignore' });
    execFileSync(
      'ip',
      [
        'netns',
        'exec',
        `${prefix}try`,
        'sh',
        '-e',
        '-c',
        `iptables-legacy -t nat -S; iptables-nft -t nat -S; nft list ruleset; ipset list
         ip link add v0 type veth peer name v1; ip link add b0 type bridge; ip link add x0 type vxlan id 1 dstport 4789
         sysctl -w net.ipv4.ip_forward=1`,
      ],
      { stdio: 'ignore' },
    );
    return undefined;
  } catch {
    return 'needs ip, iptables-legacy, iptables-nft, nft, ipset and a kernel with them, veth, bridge and VXLAN';
  } finally {
    try {
      execFileSync('ip', ['netns', 'del', `${prefix}try`], { stdio: 'ignore' });
    } catch {
      // It could not be made.
    }
  }
}

/** The agents of all namespaces of one lab. */
class Agents {
  readonly receipts = new Map<number, Receipt>();
  readonly answered = new Set<number>();
  readonly #children = new Map<Name, ChildProcess>();
  #news = 0;

  constructor() {
    const agent = new URL('agent.ts', import.meta.url).pathname;
    for (const name of NAMESPACES) {
      const child = spawn('ip', ['netns', 'exec', `${prefix}${name}`, process.execPath, agent], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      this.#children.set(name, child);
    }
  }

  async listen(): Promise<void> {
    const ready = [...this.#children].map(
      ([name, child]) =>
        new Promise<void>((resolve) => {
          if (child.stdout === null) return;
          createInterface({ input: child.stdout }).on('line', (line) => {
            const event = JSON.parse(line) as { kind: string; id: number } & Omit<Receipt, 'at'>;
            this.#news++;
            if (event.kind === 'listening') resolve();
            if (event.kind === 'answered') this.answered.add(event.id);
            if (event.kind === 'received') {
              const { address, port, source } = event;
              this.receipts.set(event.id, { at: name, address, port, source });
            }
          });
          this.#tell(name, { kind: 'listen', address: ADDRESS[name], ports: PORTS });
        }),
    );
    await Promise.all(ready);
  }

  send({ id, from, destination, port }: Question): void {
    this.#tell(from, {
      kind: 'send',
      id,
      source: ADDRESS[from],
      sourcePort: FIRST_SOURCE_PORT + id,
      destination,
      destinationPort: port,
    });
  }

  /** Waits until nothing happens any more. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.#news; ) {
      before = this.#news;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  }

  stop(): void {
    for (const child of this.#children.values()) child.kill();
  }

  #tell(name: Name, command: object): void {
    this.#children.get(name)?.stdin?.write(`${JSON.stringify(command)}\n`);
  }
}

const DESTINATIONS = [
  ...Object.values(ADDRESS),
  ...SERVICES,
  ...SERVICES,
  '10.96.0.9',
  '10.244.1.77',
  '10.244.3.1',
  '172.16.0.1',
];

function questionsOf(random: Random): readonly Question[] {
  return Array.from({ length: PACKETS_PER_LAB }, (_, id) => ({
    id,
    from: random.pick(NAMESPACES),
    destination: random.pick(DESTINATIONS),
    port: random.pick(PORTS),
  }));
}

function applyRules(random: Random): string {
  const kind = random.pick(['legacy', 'nft', 'native', 'both']);
  run(
    prefix,
    'n1',
    `ipset create pods hash:net; ipset add pods 10.244.1.0/24; ipset add pods 10.244.1.11 nomatch
     ipset create portals hash:ip,port; ipset add portals 10.244.1.10,udp:80; ipset add portals 10.244.2.10,udp:8080`,
  );
  const restore = (tool: string, rules: string): void => {
    execFileSync('ip', ['netns', 'exec', `${prefix}n1`, ...tool.split(' ')], { input: rules });
  };
  const iptables = randomIptables(random);
  const nftables = randomNftables(random);
  if (kind === 'legacy' || kind === 'both') restore('iptables-legacy-restore', iptables);
  if (kind === 'nft') restore('iptables-nft-restore', iptables);
  if (kind === 'native' || kind === 'both') restore('nft -f -', nftables);
  const routing = randomRouting(random);
  run(prefix, 'n1', `${routing}\ntrue`);
  return `${kind}\n${iptables}\n${nftables}\n${routing}`;
}

async function runLab(seed: number): Promise<readonly string[]> {
  const random = new Random(seed);
  removeLab(prefix);
  buildLab(prefix, random.chance(0.5));
  const rules = applyRules(random);
  const agents = new Agents();
  try {
    await agents.listen();
    const files = collectLab(prefix);
    const questions = questionsOf(random);
    for (const question of questions) agents.send(question);
    await agents.quiet();
    const seen = questions.map((question) => ({
      ...question,
      receipt: agents.receipts.get(question.id),
      isAnswered: agents.answered.has(question.id),
    }));
    const recorded: RecordedLab = { seed, rules: rules.split('\n'), files, seen };
    if (RECORD !== undefined) {
      writeFileSync(
        join(RECORD, `${rules.split('\n')[0]}-${seed}.json`),
        `${JSON.stringify(recorded, null, 1)}\n`,
      );
    }
    return await disagreements(recorded);
  } finally {
    agents.stop();
    removeLab(prefix);
  }
}

describe.skipIf(reason !== undefined)(
  `the walk agrees with this kernel${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    afterAll(() => removeLab(prefix));

    it.each(Array.from({ length: LABS }, (_, index) => SEED * 1000 + index))('lab %i', async (seed) => {
      expect(await runLab(seed)).toEqual([]);
    });
  },
);
