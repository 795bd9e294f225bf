import type { Namespace } from '../../datapath/model/namespace.ts';
import type { CauseRemedy } from '../model/diagnosis.ts';

/** `node n1`, or `network namespace default_web of node n1`. */
export function placeName({ node, name }: Namespace): string {
  return name === '' ? `node ${node}` : `network namespace ${name} of node ${node}`;
}

/** Where a command has to run to change something in a namespace. */
export function runsIn({ node, name }: Namespace): NonNullable<CauseRemedy['where']> {
  return { node, ...(name === '' ? {} : { netns: name }) };
}
