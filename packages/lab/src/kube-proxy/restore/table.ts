/** One table in the form `iptables-restore` reads. */
export class RestoreTable {
  readonly #name: string;
  readonly #chains = new Map<string, string>();
  readonly #rules: string[] = [];

  constructor(name: string, builtIn: readonly string[]) {
    this.#name = name;
    for (const chain of builtIn) this.#chains.set(chain, 'ACCEPT');
  }

  /** Makes sure of a chain; a chain that is there stays as it is. */
  chain(name: string): void {
    if (!this.#chains.has(name)) this.#chains.set(name, '-');
  }

  /** Appends a rule; parts that are empty are left out. */
  rule(chain: string, ...parts: readonly string[]): void {
    this.chain(chain);
    this.#rules.push(['-A', chain, ...parts.filter((part) => part !== '')].join(' '));
  }

  /** Chains first, in the order they came up. */
  text(): string {
    const chains = [...this.#chains].map(([name, policy]) => `:${name} ${policy} [0:0]`);
    return [`*${this.#name}`, ...chains, ...this.#rules, 'COMMIT', ''].join('\n');
  }
}

/** The tables kube-proxy has chains in, with the chains of the kernel. */
export function kernelTables(): {
  readonly mangle: RestoreTable;
  readonly filter: RestoreTable;
  readonly nat: RestoreTable;
} {
  return {
    mangle: new RestoreTable('mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']),
    filter: new RestoreTable('filter', ['INPUT', 'FORWARD', 'OUTPUT']),
    nat: new RestoreTable('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']),
  };
}

/** `-m comment` with its text; kube-proxy comments nearly every rule. */
export function comment(text: string): string {
  return `-m comment --comment "${text}"`;
}
