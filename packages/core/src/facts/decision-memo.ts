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

interface Leaf<R> {
  readonly result: R;
  readonly reads: readonly ReadKey[];
}

type Step<R> = { readonly branch: Branch<R> } | Leaf<R>;

/** How a memo looks at its subjects. */
export interface MemoSubjects<S> {
  /** What a subject has for a read; equal values mean that the same result holds. */
  fingerprint(subject: S, key: ReadKey): unknown;
  /** Number of the kind of a subject; undefined while that is not known. */
  kindOf(subject: S): number | undefined;
  /** Whether a read gives the same for the whole kind of the subject. */
  isOfKind(subject: S, key: ReadKey): boolean;
  /** Whether a read gives every subject something of its own, so that nobody else can use what rests on it. */
  isOwn(subject: S, key: ReadKey): boolean;
}

/**
 * Runs a computation once for all subjects whose reads gave the same values.
 *
 * The computation must be a pure function of its reads. What it read is kept as a decision tree: the value of the
 * first read selects the next read, and so on down to the result. A subject that follows a known path gets that
 * result without running anything, so 5,000 nodes that differ in 20 ways are computed 20 times.
 * Subjects are sorted into kinds before: a result that rests on nothing but what a whole kind shares is found at once.
 */
export class DecisionMemo<S, R> {
  #root: Step<R> | undefined;
  readonly #byKind: R[] = [];
  readonly #subjects: MemoSubjects<S>;
  readonly #compute: (subject: S, record: (key: ReadKey) => void) => R;
  readonly #isShareable: (subject: S, reads: readonly ReadKey[], result: R) => boolean;

  /** A result for which `isShareable` says no is given to its own subject and not kept. */
  constructor(
    subjects: MemoSubjects<S>,
    compute: (subject: S, record: (key: ReadKey) => void) => R,
    isShareable: (subject: S, reads: readonly ReadKey[], result: R) => boolean = () => true,
  ) {
    this.#subjects = subjects;
    this.#compute = compute;
    this.#isShareable = isShareable;
  }

  get(subject: S): R {
    const kind = this.#subjects.kindOf(subject);
    const shared = kind === undefined ? undefined : this.#byKind[kind];
    if (shared !== undefined) return shared;
    let step = this.#root;
    while (step !== undefined) {
      if ('result' in step) {
        this.#keepForKind(subject, kind, step);
        return step.result;
      }
      step = step.branch.edges.get(this.#subjects.fingerprint(subject, step.branch.key));
    }
    return this.#run(subject, kind);
  }

  /** A read may be the same for one whole kind and not for another, so each kind is asked. */
  #keepForKind(subject: S, kind: number | undefined, { result, reads }: Leaf<R>): void {
    if (kind === undefined) return;
    if (reads.every((key) => this.#subjects.isOfKind(subject, key))) this.#byKind[kind] = result;
  }

  /** True where the result is known for the whole kind. */
  hasKind(kind: number): boolean {
    return this.#byKind[kind] !== undefined;
  }

  #run(subject: S, kind: number | undefined): R {
    const reads: ReadKey[] = [];
    const result = this.#compute(subject, (key) => {
      if (!reads.some((read) => sameKey(read, key))) reads.push(key);
    });
    if (!this.#isShareable(subject, reads, result)) return result;
    const leaf = { result, reads };
    this.#keepForKind(subject, kind, leaf);
    if (!reads.some((key) => this.#subjects.isOwn(subject, key))) this.#insert(subject, leaf);
    return result;
  }

  #insert(subject: S, leaf: Leaf<R>): void {
    let step = this.#root;
    let attach = (added: Step<R>): void => {
      this.#root = added;
    };
    for (const key of leaf.reads) {
      if (step === undefined) {
        step = { branch: { key, edges: new Map() } };
        attach(step);
      }
      if ('result' in step) return;
      const { edges } = step.branch;
      const value = this.#subjects.fingerprint(subject, step.branch.key);
      attach = (added) => edges.set(value, added);
      step = edges.get(value);
    }
    if (step === undefined) attach(leaf);
  }
}

function sameKey(left: ReadKey, right: ReadKey): boolean {
  return left.kind === right.kind && left.name === right.name && left.detail === right.detail;
}
