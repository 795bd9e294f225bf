import type { CauseDefinition } from '../cause.ts';

/** A loss that no other cause explains: the last step is the proof, and nothing is guessed. */
export const unexplained: CauseDefinition = {
  id: 'unexplained',
  title: 'lost for another reason',
  find({ trail, direction }) {
    const { end, steps } = trail;
    if (['delivered', 'left-network', 'unknown'].includes(end.disposition)) return [];
    const { namespace } = end;
    const place = namespace.name === '' ? namespace.node : `${namespace.node}/${namespace.name}`;
    const last = steps.at(-1);
    const why = last?.detail === undefined ? '' : `: ${last.detail}`;
    return [
      {
        cause: 'unexplained',
        effect: 'blocks',
        direction,
        subject: { kind: 'node', name: namespace.node },
        text: `The packet ends as ${end.disposition} at ${place}${why}`,
        evidence: last?.evidence ?? [],
        remedies: [],
      },
    ];
  },
};
