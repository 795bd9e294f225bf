const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, `]` and `}` differ in this bit only. */
const BRACE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** White space, digits, commas and colons, most of what stands outside of strings, are below. */
const LOWEST_BRACKET = 0x5b;

/** Beyond this length of a string the native search pays off; most strings of Kubernetes objects are shorter. */
const SHORT_STRING = 48;

/**
 * Finds the end of one JSON value in bytes that come in pieces. Only brackets and strings are looked at: whether the value
 * is right is for `JSON.parse` to say.
 */
export class ValueScanner {
  #kind: 'nested' | 'string' | 'plain' = 'plain';
  #depth = 0;
  #inString = false;
  /** The first byte of the next piece belongs to an escape. */
  #escaped = false;

  /** Starts with the first byte of a value, which is then not to be given to {@link scan}. */
  start(first: number): void {
    this.#kind = first === QUOTE ? 'string' : (first | BRACE_BIT) === OPEN ? 'nested' : 'plain';
    this.#depth = 1;
    this.#inString = this.#kind === 'string';
    this.#escaped = false;
  }

  /** The place after the value's last byte, or -1 when it goes on after this piece. */
  scan(bytes: Uint8Array, from: number): number {
    if (this.#kind === 'plain') return scanPlain(bytes, from);
    let at = from;
    if (this.#inString) {
      at = this.#scanString(bytes, at);
      if (at < 0) return -1;
      this.#inString = false;
    }
    return this.#kind === 'string' ? at : this.#scanNested(bytes, at);
  }

  #scanNested(bytes: Uint8Array, from: number): number {
    const end = bytes.length;
    let depth = this.#depth;
    let at = from;
    while (at < end) {
      const byte = bytes[at++] as number;
      if (byte === QUOTE) {
        at = this.#scanString(bytes, at);
        if (at < 0) {
          this.#inString = true;
          break;
        }
      } else if (byte >= LOWEST_BRACKET) {
        const bracket = byte | BRACE_BIT;
        if (bracket === OPEN) depth++;
        else if (bracket === CLOSE && --depth === 0) return at;
      }
    }
    this.#depth = depth;
    return -1;
  }

  /** The place after the closing quote, or -1. */
  #scanString(bytes: Uint8Array, from: number): number {
    const end = bytes.length;
    let at = this.#escaped ? from + 1 : from;
    this.#escaped = false;
    for (;;) {
      const near = Math.min(at + SHORT_STRING, end);
      while (at < near) {
        const byte = bytes[at++];
        if (byte === QUOTE) return at;
        if (byte === BACKSLASH) at++;
      }
      if (at >= end) {
        this.#escaped = at > end;
        return -1;
      }
      const quote = bytes.indexOf(QUOTE, at);
      const stop = quote < 0 ? end : quote;
      const isEscape = backslashesBefore(bytes, at, stop) % 2 === 1;
      if (quote < 0) {
        this.#escaped = isEscape;
        return -1;
      }
      if (!isEscape) return quote + 1;
      at = quote + 1;
    }
  }
}

/** Counts the backslashes right before `stop`, not looking below `from`. */
function backslashesBefore(bytes: Uint8Array, from: number, stop: number): number {
  let at = stop;
  while (at > from && bytes[at - 1] === BACKSLASH) at--;
  return stop - at;
}

/** Numbers and words end where white space, a comma or a closing bracket follows. */
function scanPlain(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte <= 0x20 || byte === 0x2c || (byte | BRACE_BIT) === CLOSE) return at;
  }
  return -1;
}
