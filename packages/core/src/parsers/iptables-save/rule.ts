import { decodeOptions } from './options.ts';
import type { IptablesRule, RuleOption } from './types.ts';

/**
 * A rule that keeps only where it stands in the dump. Dumps of large nodes have hundreds of thousands of rules, of which
 * a few are looked at, so nothing is cut out or decoded before it is asked for.
 */
export class LazyRule implements IptablesRule {
  readonly line: number;
  readonly packets: number | undefined;
  readonly bytes: number | undefined;
  readonly target: string | undefined;
  readonly targetIsGoto: boolean;
  readonly isPartlyShown: boolean;
  readonly #dump: string;
  readonly #start: number;
  readonly #end: number;

  constructor(
    dump: string,
    span: { readonly start: number; readonly end: number },
    line: number,
    counters: { readonly packets: number; readonly bytes: number } | undefined,
    target: string | undefined,
    scan: { readonly isGoto: boolean; readonly isPartlyShown: boolean },
  ) {
    this.#dump = dump;
    this.#start = span.start;
    this.#end = span.end;
    this.line = line;
    this.packets = counters?.packets;
    this.bytes = counters?.bytes;
    this.target = target;
    this.targetIsGoto = scan.isGoto;
    this.isPartlyShown = scan.isPartlyShown;
  }

  get text(): string {
    return this.#dump.slice(this.#start, this.#end);
  }

  get options(): readonly RuleOption[] {
    return decodeOptions(this.text);
  }
}
