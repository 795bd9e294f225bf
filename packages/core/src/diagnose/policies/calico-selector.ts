import type { Labels } from './label-selector.ts';

type Test = (labels: Labels) => boolean;

/**
 * Reads a selector of Calico: `all()`, `has(key)`, `key == 'value'`, `key in {'a', 'b'}`, `key contains 'x'`, joined with `&&`,
 * `||`, `!` and parentheses (libcalico-go/lib/selector/parser). Undefined for what it does not understand.
 */
export function parseCalicoSelector(text: string): Test | undefined {
  const words = text.match(/"[^"]*"|'[^']*'|&&|\|\||[!=]=|[!(){},]|[\w./-]+|\S/g) ?? [];
  if (words.length === 0) return () => true;
  const reader = new Reader(words);
  const test = reader.any();
  return test !== undefined && reader.isAtEnd ? test : undefined;
}

class Reader {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#words.length;
  }

  any(): Test | undefined {
    return this.#joined(
      '||',
      () => this.#all(),
      (tests) => (labels) => tests.some((test) => test(labels)),
    );
  }

  #all(): Test | undefined {
    return this.#joined(
      '&&',
      () => this.#not(),
      (tests) => (labels) => tests.every((test) => test(labels)),
    );
  }

  #joined(
    word: string,
    part: () => Test | undefined,
    join: (tests: readonly Test[]) => Test,
  ): Test | undefined {
    const tests: Test[] = [];
    do {
      const test = part();
      if (test === undefined) return undefined;
      tests.push(test);
    } while (this.#take(word));
    return join(tests);
  }

  #not(): Test | undefined {
    if (!this.#take('!')) return this.#one();
    const test = this.#not();
    return test === undefined ? undefined : (labels) => !test(labels);
  }

  #one(): Test | undefined {
    if (this.#take('(')) {
      const test = this.any();
      return this.#take(')') ? test : undefined;
    }
    const name = this.#next();
    if (name === 'all' || name === 'global' || name === 'has') {
      if (!this.#take('(')) return undefined;
      const key = name === 'has' ? this.#next() : undefined;
      if (!this.#take(')')) return undefined;
      return key === undefined ? () => name !== 'global' : (labels) => Object.hasOwn(labels, key);
    }
    return name === undefined || !/^[\w./-]+$/.test(name) ? undefined : this.#comparison(name);
  }

  #comparison(key: string): Test | undefined {
    const operator = this.#next();
    const of = (labels: Labels) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
    if (operator === 'in') return this.#among((values) => (labels) => values.includes(of(labels) ?? '\0'));
    if (operator === 'not')
      return this.#take('in')
        ? this.#among((values) => (labels) => !values.includes(of(labels) ?? '\0'))
        : undefined;
    if ((operator === 'starts' || operator === 'ends') && !this.#take('with')) return undefined;
    const value = unquoted(this.#next());
    if (value === undefined) return undefined;
    switch (operator) {
      case '==':
        return (labels) => of(labels) === value;
      case '!=':
        return (labels) => of(labels) !== value;
      case 'contains':
        return (labels) => of(labels)?.includes(value) === true;
      case 'starts':
        return (labels) => of(labels)?.startsWith(value) === true;
      case 'ends':
        return (labels) => of(labels)?.endsWith(value) === true;
      default:
        return undefined;
    }
  }

  #among(make: (values: readonly string[]) => Test): Test | undefined {
    if (!this.#take('{')) return undefined;
    const values: string[] = [];
    while (!this.#take('}')) {
      const value = unquoted(this.#next());
      if (value === undefined) return undefined;
      values.push(value);
      this.#take(',');
    }
    return make(values);
  }

  #next(): string | undefined {
    return this.#words[this.#at++];
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at++;
    return true;
  }
}

function unquoted(word: string | undefined): string | undefined {
  return word !== undefined && /^["']/.test(word) ? word.slice(1, -1) : undefined;
}
