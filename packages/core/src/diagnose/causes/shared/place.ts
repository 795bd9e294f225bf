import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Subject } from '../../../model/subject.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';

/** `n1`, or `pod default/web on n1`. */
export function placeName(namespace: Namespace): string {
  const { node, name } = namespace;
  if (name === '') return node;
  const pod = podName(namespace);
  return pod === undefined ? `network namespace ${name} of ${node}` : `pod ${pod} on ${node}`;
}

/** Where a command has to run for this namespace. */
export function whereOf({ node, name }: Namespace): NonNullable<CauseRemedy['where']> {
  return name === '' ? { node } : { node, netns: name };
}

/** The pod whose namespace it is, else the node. */
export function subjectOf(namespace: Namespace): Subject {
  const pod = podName(namespace);
  return pod === undefined ? { kind: 'node', name: namespace.node } : { kind: 'pod', name: pod };
}

/** Namespaces of pods are named `<namespace>_<pod>`; no name in Kubernetes has an underscore. */
function podName({ name }: Namespace): string | undefined {
  const [first = '', second = '', ...more] = name.split('_');
  return first === '' || second === '' || more.length > 0 ? undefined : `${first}/${second}`;
}
