import { kindOf, LineRedactor } from './line-redactor.ts';
import { placeholder, type Redaction } from './modes.ts';
import { NO_SECRET, SECRET_NAME } from './patterns.ts';
import { redactText } from './redact-text.ts';
import { lower } from './text.ts';

const secretName = new RegExp(SECRET_NAME);
const noSecret = new RegExp(NO_SECRET);

/** Holds the whole object as somebody applied it, values of Secrets included. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Takes secrets out of a Kubernetes object or list: all data of Secrets; strings below names such as `password`;
 * variables and flags with such names; and what {@link redactText} finds in texts, those of ConfigMaps included.
 * The object keeps its form: only strings and numbers change. `kind` is that of the items where the list tells it.
 */
export function redactObject(
  object: unknown,
  kind?: string,
): { readonly value: unknown; readonly redactions: readonly Redaction[] } {
  const redactor = new ObjectRedactor();
  const value = redactor.redact(object, kind);
  return { value, redactions: redactor.redactions() };
}

class ObjectRedactor {
  readonly #counts = new Map<string, number>();

  redactions(): readonly Redaction[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({ kind, count }));
  }

  /** Redacts an object of the API, or the items of a list. */
  redact(value: unknown, kind: string | undefined): unknown {
    if (Array.isArray(value)) return value.map((item) => this.redact(item, kind));
    if (!isRecord(value)) return this.#value(value, '');
    const own = typeof value.kind === 'string' ? value.kind : kind;
    if (Array.isArray(value.items)) {
      const ofItems = own?.endsWith('List') === true && own !== 'List' ? own.slice(0, -'List'.length) : kind;
      return {
        ...this.#record(value, ['items']),
        items: value.items.map((item) => this.redact(item, ofItems)),
      };
    }
    if (own !== 'Secret') return this.#value(value, '');
    const clean = this.#record(value, ['data', 'stringData']);
    if (value.data !== undefined) clean.data = this.#all(value.data);
    if (value.stringData !== undefined) clean.stringData = this.#all(value.stringData);
    return clean;
  }

  /** Replaces every string and number. */
  #all(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#all(item));
    if (isRecord(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#all(item)]));
    }
    return typeof value === 'string' || typeof value === 'number' ? this.#replace('secret') : value;
  }

  #value(value: unknown, key: string): unknown {
    if (typeof value === 'string') return this.#string(value, key);
    if (typeof value === 'number') return isSecretKey(key) ? this.#replace(kindOf(lower(key))) : value;
    if (Array.isArray(value)) return this.#array(value, key);
    return isRecord(value) ? this.#record(value, []) : value;
  }

  /** The fields of an object but those `without`. */
  #record(record: Record<string, unknown>, without: readonly string[]): Record<string, unknown> {
    const isSecretVariable = typeof record.name === 'string' && isSecretKey(record.name);
    const clean: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(record)) {
      if (without.includes(key)) continue;
      const named = key === 'value' && isSecretVariable ? String(record.name) : key;
      set(clean, key, this.#value(value, named));
    }
    return clean;
  }

  #array(items: readonly unknown[], key: string): unknown[] {
    // Words of a command line: a flag and its value may be two items.
    const words = new LineRedactor('arguments');
    const clean = items.map((item) => {
      if (typeof item !== 'string' || isSecretKey(key) || item.includes('\n')) return this.#value(item, key);
      return words.redactLine(item);
    });
    this.#add(words.redactions());
    return clean;
  }

  #string(text: string, key: string): string {
    if (key === LAST_APPLIED) return this.#lastApplied(text);
    if (isSecretKey(key)) return noSecret.test(lower(text)) ? text : this.#replace(kindOf(lower(key)));
    const isText = text.includes('\n') || /^\s*[[{]/.test(text);
    const clean = redactText(text, isText ? 'configuration' : 'logs');
    this.#add(clean.redactions);
    return clean.text;
  }

  #lastApplied(text: string): string {
    let object: unknown;
    try {
      object = JSON.parse(text);
    } catch {
      return this.#replace('secret');
    }
    const inside = new ObjectRedactor();
    const clean = inside.redact(object, undefined);
    const redactions = inside.redactions();
    this.#add(redactions);
    return redactions.length === 0 ? text : `${JSON.stringify(clean)}\n`;
  }

  #replace(kind: string): string {
    this.#add([{ kind, count: 1 }]);
    return placeholder(kind);
  }

  #add(redactions: readonly Redaction[]): void {
    for (const { kind, count } of redactions) {
      this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
    }
  }
}

function isSecretKey(key: string): boolean {
  return secretName.test(lower(key));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Plain assignment would change the prototype for the key `__proto__`. */
function set(record: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}
