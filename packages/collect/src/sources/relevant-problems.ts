import type { Choice } from './layout/choose.ts';
import type { Layout } from './layout/layout.ts';
import { ownLayout } from './layout/own.ts';
import type { SourceProblem, SourceProblems } from './problems.ts';

/**
 * The problems of a source once its layout is known: links of a bundle only if they stand for evidence (an sos report has
 * thousands), and paths as the findings show them.
 */
export function relevantProblems(
  problems: SourceProblems,
  layout: Layout,
  { kind, root }: Choice,
): readonly SourceProblem[] {
  const listed = problems.list((file) => layout.place(file) !== undefined);
  if (kind !== ownLayout || root === '') return listed;
  return listed.map(({ file, reason }) => ({
    file: file.startsWith(root) ? file.slice(root.length) : file,
    reason,
  }));
}
