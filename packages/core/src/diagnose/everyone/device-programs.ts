import type { IptablesRule, IptablesTable, RuleOption } from '../../parsers/iptables-save/index.ts';
import type { Interner } from './interner.ts';

type Side = 'in-interface' | 'out-interface';

/**
 * What the rules of one table of iptables do with packets of one device, as a number: devices with the same number are the same
 * to the table. The rules are evaluated for the device as far as they ask for it; what is left of them is compared.
 *
 * A chain that only such a rule leads to counts by what stands in it, every other one by its name, so that chains that are made
 * for each pod (`cali-tw-…`) are the same where they do the same.
 */
export class DevicePrograms {
  readonly #interner: Interner;
  readonly #table: IptablesTable;
  readonly #rules = new Map<string, readonly PreparedRule[]>();
  /** Chains that exactly one rule leads to, which asks for a device or stands in such a chain itself. */
  readonly #inner: ReadonlySet<string>;
  /** Chains with rules that ask for a device, which are not inner ones. */
  readonly #asking: readonly string[];
  readonly #contents = new Map<string, number>();

  constructor(interner: Interner, table: IptablesTable) {
    this.#interner = interner;
    this.#table = table;
    for (const { name, rules } of table.chains.values())
      this.#rules.set(
        name,
        rules.map((rule) => new PreparedRule(rule)),
      );
    this.#inner = this.#findInner();
    this.#asking = [...this.#rules]
      .filter(([name, rules]) => !this.#inner.has(name) && rules.some(({ asks }) => asks))
      .map(([name]) => name);
  }

  /** For packets that come in, and for those that go out by the device. */
  of(device: string): number {
    return this.#interner.pair(this.#side('in-interface', device), this.#side('out-interface', device));
  }

  #side(side: Side, device: string): number {
    let program = 0;
    for (const name of this.#asking) {
      program = this.#interner.pair(program, this.#interner.text(name));
      program = this.#interner.pair(program, this.#left(name, side, device, 0));
    }
    return program;
  }

  /** What is left of a chain's rules that ask for this side, each with how many rules stand before it that do not. */
  #left(name: string, side: Side, device: string, depth: number): number {
    let program = 0;
    let others = 0;
    for (const rule of this.#rules.get(name) ?? []) {
      const asked = rule.about(side);
      if (asked.length === 0) others++;
      else if (asked.every((option) => holds(option, device))) {
        program = this.#interner.pair(program, others);
        program = this.#interner.pair(program, this.#rule(rule, side, device, depth));
      }
    }
    return program;
  }

  #rule({ options, rule }: PreparedRule, side: Side, device: string, depth: number): number {
    const kept = options.filter(({ name }) => name !== side && name !== 'jump' && name !== 'goto');
    const text = this.#interner.text(JSON.stringify([rule.targetIsGoto, kept]));
    return this.#interner.pair(text, this.#target(rule.target ?? '', side, device, depth));
  }

  #target(target: string, side: Side, device: string, depth: number): number {
    if (!this.#inner.has(target) || depth > 50) return this.#interner.text(`chain ${target}`);
    const whole = this.#content(target, side, device, depth + 1);
    return this.#interner.pair(this.#interner.text('content'), whole);
  }

  /** A whole inner chain, evaluated for the device. */
  #content(name: string, side: Side, device: string, depth: number): number {
    const rules = this.#rules.get(name) ?? [];
    const known = this.#contents.get(name);
    if (known !== undefined) return known;
    let asks = false;
    let program = 0;
    for (const rule of rules) {
      const asked = rule.about(side);
      asks ||= rule.asks || this.#inner.has(rule.rule.target ?? '');
      if (!asked.every((option) => holds(option, device))) continue;
      program = this.#interner.pair(program, this.#rule(rule, side, device, depth));
    }
    if (!asks) this.#contents.set(name, program);
    return program;
  }

  #findInner(): ReadonlySet<string> {
    const leading = new Map<string, { count: number; asks: boolean; from: string }>();
    for (const [from, rules] of this.#rules) {
      for (const prepared of rules) {
        const target = prepared.rule.target;
        if (target === undefined) continue;
        const known = leading.get(target);
        if (known !== undefined) known.count++;
        else leading.set(target, { count: 1, asks: prepared.asks, from });
      }
    }
    const inner = new Set<string>();
    let before = -1;
    while (inner.size !== before) {
      before = inner.size;
      for (const [name, { count, asks, from }] of leading) {
        if (count !== 1 || !(asks || inner.has(from))) continue;
        const chain = this.#table.chains.get(name);
        if (chain !== undefined && chain.policy === undefined) inner.add(name);
      }
    }
    return inner;
  }
}

/** A rule, decoded when it is needed, without remarks, which do nothing. */
class PreparedRule {
  readonly rule: IptablesRule;
  readonly asks: boolean;
  #options: readonly RuleOption[] | undefined;

  constructor(rule: IptablesRule) {
    this.rule = rule;
    this.asks = /(?:^| )-[io] /.test(rule.text);
  }

  get options(): readonly RuleOption[] {
    this.#options ??= this.rule.options.filter(
      ({ name, module, values }) => module !== 'comment' && !(name === 'match' && values[0] === 'comment'),
    );
    return this.#options;
  }

  /** The conditions about one side. */
  about(side: Side): readonly RuleOption[] {
    return this.asks ? this.options.filter(({ name }) => name === side) : [];
  }
}

function holds({ values: [pattern = ''], negated }: RuleOption, device: string): boolean {
  const isNamed = pattern.endsWith('+') ? device.startsWith(pattern.slice(0, -1)) : device === pattern;
  return isNamed !== negated;
}
