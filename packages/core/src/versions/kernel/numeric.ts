/**
 * How Calico's Felix orders two kernel versions: negative, zero or positive.
 *
 * Felix takes `X.Y.Z` and one optional `-N` from `/proc/version` and nothing else. So `5.7.0-2-amd64` is newer than
 * `5.7.0`, `5.7.0` itself still counts as "not newer than 5.7.0", and `4.18.0-193.el8` passes a limit of `4.18.0-193`.
 * `undefined` if either text has no `X.Y.Z`.
 * https://github.com/projectcalico/calico/tree/master/felix/environment
 */
export function compareFelixKernels(a: string, b: string): number | undefined {
  const left = felixNumbers(a);
  const right = felixNumbers(b);
  return left && right && compareNumbers(left, right);
}

function felixNumbers(text: string): number[] | undefined {
  const match = /(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-(\d{1,9}))?/.exec(text);
  return match?.slice(1).map((part) => Number(part ?? 0));
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
