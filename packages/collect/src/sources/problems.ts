/** Something a source holds that could not be used, or not whole. */
export interface SourceProblem {
  /** Path inside the source, or the source itself. */
  readonly file: string;
  /** What was found and what to do about it. */
  readonly reason: string;
}

/** A hostile archive must not fill the memory, or the report, with messages about itself. */
const MOST = 1000;

/** Collects problems in the order in which they were found; beyond a thousand they are only counted. */
export class SourceProblems {
  readonly #source: string;
  readonly #list: (SourceProblem & { readonly minor: boolean })[] = [];
  #more = 0;

  /** `source` is what the user called the source. */
  constructor(source: string) {
    this.#source = source;
  }

  /** Adds a problem of a file, or of the source as a whole. */
  add(reason: string, file = this.#source): void {
    this.#add({ file, reason, minor: false });
  }

  /** Adds a problem that only matters if the file would have been used: see {@link list}. */
  addMinor(reason: string, file: string): void {
    this.#add({ file, reason, minor: true });
  }

  #add(problem: SourceProblem & { minor: boolean }): void {
    if (this.#list.length < MOST) this.#list.push(problem);
    else this.#more++;
  }

  /** All problems; minor ones only for files of which `isUsed` is true. */
  list(isUsed: (file: string) => boolean = () => true): readonly SourceProblem[] {
    const listed = this.#list
      .filter(({ file, minor }) => !minor || isUsed(file))
      .map(({ file, reason }) => ({ file, reason }));
    if (this.#more > 0) listed.push({ file: this.#source, reason: `${this.#more} more problems like these` });
    return listed;
  }
}
