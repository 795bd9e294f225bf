/** Something a computation reads; `name` is compared by identity, `detail` by value. */
export interface ReadKey {
  readonly kind: string;
  readonly name: unknown;
  readonly detail: string;
}

interface Branch<R> {
  readonly key: ReadKey;
  readonly edges: Map<unknown, Step<R>>;
}

type Step<R> = { readonly branch: Branch<R> } | { readonly result: R };

/**
 * Runs a computation once for all subjects whose reads gave the same values.
 *
 * The computation must be a pure function of its reads. What it read is kept as a decision tree: the value of the
 * first read selects the next read, and so on down to the result. A subject that follows a known path gets that
 * result without running anything, so 5,000 nodes that differ in 20 ways are computed 20 times.
 */
export class DecisionMemo<S, R> {
  #root: Step<R> | undefined;
  readonly #fingerprint: (subject: S, key: ReadKey) => unknown;
  readonly #compute: (subject: S, record: (key: ReadKey) => void) => R;
  readonly #isShareable: (subject: S, reads: readonly ReadKey[], result: R) => boolean;

  /** A result for which `isShareable` says no is given to its own subject and not kept. */
  constructor(
    fingerprint: (subject: S, key: ReadKey) => unknown,
    compute: (subject: S, record: (key: ReadKey) => void) => R,
    isShareable: (subject: S, reads: readonly ReadKey[], result: R) => boolean = () => true,
  ) {
    this.#fingerprint = fingerprint;
    this.#compute = compute;
    this.#isShareable = isShareable;
  }

  get(subject: S): R {
    let step = this.#root;
    while (step !== undefined) {
      if ('result' in step) return step.result;
      step = step.branch.edges.get(this.#fingerprint(subject, step.branch.key));
    }
    return this.#run(subject);
  }

  #run(subject: S): R {
    const reads: ReadKey[] = [];
    const result = this.#compute(subject, (key) => {
      if (!reads.some((read) => sameKey(read, key))) reads.push(key);
    });
    if (this.#isShareable(subject, reads, result)) this.#insert(subject, reads, result);
    return result;
  }

  #insert(subject: S, reads: readonly ReadKey[], result: R): void {
    let step = this.#root;
    let attach = (added: Step<R>): void => {
      this.#root = added;
    };
    for (const key of reads) {
      if (step === undefined) {
        step = { branch: { key, edges: new Map() } };
        attach(step);
      }
      if ('result' in step) return;
      const { edges } = step.branch;
      const value = this.#fingerprint(subject, step.branch.key);
      attach = (added) => edges.set(value, added);
      step = edges.get(value);
    }
    if (step === undefined) attach({ result });
  }
}

function sameKey(left: ReadKey, right: ReadKey): boolean {
  return left.kind === right.kind && left.name === right.name && left.detail === right.detail;
}
