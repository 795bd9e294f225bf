/** What is not TOML; the message says what was expected. */
export class TomlError extends Error {}

/** A place in a text that knows its line. Reading never goes back, so it takes time linear in the text. */
export class TomlCursor {
  readonly #text: string;
  #at: number;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  get line(): number {
    return this.#line;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next character, or the empty string at the end. */
  peek(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead);
  }

  startsWith(word: string): boolean {
    return this.#text.startsWith(word, this.#at);
  }

  /** Takes the next character, whatever it is. */
  next(): string {
    const char = this.#text.charAt(this.#at++);
    if (char === '\n') this.#line++;
    return char;
  }

  /** Takes the word if it comes next. The word holds no line end. */
  take(word: string): boolean {
    if (!this.startsWith(word)) return false;
    this.#at += word.length;
    return true;
  }

  expect(word: string): void {
    this.skipSpace();
    if (!this.take(word)) throw new TomlError(`expected "${word}"`);
    this.skipSpace();
  }

  /** Takes what the sticky expression matches here. The expression matches no line end. */
  match(expression: RegExp): string {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  skipSpace(): void {
    while (this.peek() === ' ' || this.peek() === '\t') this.#at++;
  }

  /** Skips white space, line ends and comments. */
  skipBlank(): void {
    for (;;) {
      const char = this.peek();
      if (char === '#') this.#at = this.#lineEnd();
      else if (char === ' ' || char === '\t' || char === '\r' || char === '\n') this.next();
      else return;
    }
  }

  /** Only a comment may follow on this line. */
  endLine(): void {
    this.skipSpace();
    if (this.peek() === '#') this.#at = this.#lineEnd();
    if (this.peek() === '\r' && this.peek(1) === '\n') this.#at++;
    if (!this.atEnd() && this.next() !== '\n') {
      this.#at--;
      throw new TomlError('expected the end of the line');
    }
  }

  skipLine(): void {
    this.#at = this.#lineEnd();
    if (!this.atEnd()) this.next();
  }

  /** What is left of this line, cut short. */
  restOfLine(): string {
    return this.#text.slice(this.#at, Math.min(this.#lineEnd(), this.#at + 200));
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end < 0 ? this.#text.length : end;
  }
}
