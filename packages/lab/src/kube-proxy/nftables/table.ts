/** One table in the form of `nft list ruleset`, which `nft -f` reads as well. */
export class NftTable {
  readonly #head: string;
  readonly #sets = new Map<string, { readonly head: readonly string[]; readonly elements: string[] }>();
  readonly #chains = new Map<string, { readonly head: readonly string[]; readonly rules: string[] }>();

  constructor(head: string) {
    this.#head = head;
  }

  /** A set or a map: its kind, its name, and what stands in it before the elements. */
  set(kind: 'set' | 'map', name: string, ...head: readonly string[]): void {
    this.#sets.set(name, { head: [`${kind} ${name} {`, ...head], elements: [] });
  }

  /** Adds to a set that was made before. */
  element(set: string, text: string): void {
    this.#sets.get(set)?.elements.push(text);
  }

  /** Makes sure of a chain; a chain that is there stays as it is. */
  chain(name: string, ...head: readonly string[]): void {
    if (!this.#chains.has(name)) this.#chains.set(name, { head, rules: [] });
  }

  /** Appends a rule; parts that are empty are left out. */
  rule(chain: string, ...parts: readonly string[]): void {
    this.chain(chain);
    this.#chains.get(chain)?.rules.push(parts.filter((part) => part !== '').join(' '));
  }

  /** Sets before chains, each kind in the order it was made. */
  text(): string {
    const sets = [...this.#sets.values()].map(({ head: [first = '', ...rest], elements }) => {
      const all = elements.length === 0 ? [] : [`elements = { ${elements.join(',\n\t\t\t     ')} }`];
      return block(first, [...rest, ...all]);
    });
    const chains = [...this.#chains].map(([name, { head, rules }]) =>
      block(`chain ${name} {`, [...head, ...rules]),
    );
    return `${this.#head} {\n${[...sets, ...chains].join('\n')}}\n`;
  }
}

function block(first: string, lines: readonly string[]): string {
  return [`\t${first}`, ...lines.map((line) => `\t\t${line}`), '\t}', ''].join('\n');
}
