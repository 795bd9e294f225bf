import type { RuleOption } from '../../../parsers/iptables-save/index.ts';
import type { RuleContext } from '../../firewall/context.ts';
import type { TestResult } from '../../firewall/verdict.ts';

/** One condition of a rule. */
export type Test = (context: RuleContext) => TestResult;

/** A match extension of iptables (`-m NAME`). */
export interface Match {
  readonly names: readonly string[];
  /** The conditions that the options of one `-m` stand for; undefined where one of them is not modelled. */
  compile(options: readonly RuleOption[]): readonly Test[] | undefined;
}

/** A match whose options each stand for a condition of their own. */
export function matchByOption(
  names: readonly string[],
  compileOption: (option: RuleOption) => Test | undefined,
): Match {
  return {
    names,
    compile(options) {
      const tests: Test[] = [];
      for (const option of options) {
        const test = compileOption(option);
        if (test === undefined) return undefined;
        tests.push(test);
      }
      return tests;
    },
  };
}

/** A condition that holds always, or never. */
export function constant(value: boolean): Test {
  return () => value;
}
