import { compareDigits } from '../digits.ts';

/**
 * Orders two version or release texts as RPM does (`rpmvercmp`): negative, zero or positive.
 *
 * Runs of digits compare as numbers and runs of letters as text, a number is newer than letters, more parts are newer than
 * fewer; `~` sorts before the end and `^` after it. Epochs are not read: kernels have none.
 * https://github.com/rpm-software-management/rpm/blob/master/rpmio/rpmvercmp.cc
 */
export function compareRpm(a: string, b: string): number {
  const left = a.match(SEGMENT) ?? [];
  const right = b.match(SEGMENT) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = compareSegments(left[index], right[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

const SEGMENT = /\d+|[A-Za-z]+|~|\^/g;

function compareSegments(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~' || b === '~') return a === '~' ? -1 : 1;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (a === '^' || b === '^') return a === '^' ? -1 : 1;
  const aIsNumber = /^\d/.test(a);
  const bIsNumber = /^\d/.test(b);
  if (aIsNumber && bIsNumber) return compareDigits(a, b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? 1 : -1;
  return a < b ? -1 : 1;
}
