import { inObject, missingObjects, type Reader } from '../../../facts/reader.ts';
import { objectName, type StoredObject } from '../../../facts/snapshot/object-store.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { patternOf } from '../../value-test.ts';

interface Parameters {
  readonly reason?: string;
  readonly matches?: string;
  /** Only events about the object of the finding. */
  readonly 'about-subject'?: boolean;
}

interface EventObject {
  readonly reason?: string;
  readonly message?: string;
  readonly note?: string;
  readonly involvedObject?: { readonly namespace?: string; readonly name?: string };
  readonly regarding?: { readonly namespace?: string; readonly name?: string };
}

const EVIDENCE_LIMIT = 3;

/**
 * Looks for an event. That none is found proves nothing where events were not collected; where they were, it is a
 * `no`, as the API server forgets events after an hour and nobody can say more.
 */
export const eventCondition: ConditionDefinition<Parameters> = {
  id: 'event',
  description: 'An event with this reason and message was recorded.',
  parameters: {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: {
      reason: { type: 'string' },
      matches: { type: 'string', format: 'regex', description: 'Found in the message.' },
      'about-subject': { type: 'boolean' },
    },
  },
  example: { reason: 'FailedCreatePodSandBox', matches: 'failed to find plugin' },
  level: (parameters) => (parameters['about-subject'] === true ? 'object' : 'cluster'),
  evaluate(read, parameters) {
    const lists = [read.objects('events'), read.objects('events.events.k8s.io')].filter(
      (list) => list !== undefined,
    );
    const found = lists.flatMap((list) => list.items.filter((event) => fits(read, event, parameters)));
    const settled = lists.some(({ complete }) => complete);
    const answer = found.length > 0 ? 'yes' : settled ? 'no' : 'unknown';
    const [first] = found;
    return {
      answer,
      missing: answer === 'unknown' ? [missingObjects('events')] : [],
      reasons: [
        {
          condition: describe(parameters),
          result: answer,
          fact: 'events',
          value: first === undefined ? 'none' : `${found.length}: ${messageOf(first)}`,
          origins: found.slice(0, EVIDENCE_LIMIT).map((event) => inObject(event)),
        },
      ],
    };
  },
};

function fits(read: Reader, stored: StoredObject, parameters: Parameters): boolean {
  const event = stored.object as EventObject;
  if (parameters.reason !== undefined && event.reason !== parameters.reason) return false;
  if (parameters.matches !== undefined && !patternOf(parameters.matches).test(messageOf(stored)))
    return false;
  if (parameters['about-subject'] !== true) return true;
  const about = event.involvedObject ?? event.regarding;
  const subject = read.object();
  return (
    about?.name === subject?.object.metadata.name &&
    (about?.namespace ?? '') === (subject?.object.metadata.namespace ?? '')
  );
}

function messageOf({ object }: StoredObject): string {
  const event = object as EventObject;
  return event.message ?? event.note ?? objectName(object);
}

function describe({ reason, matches }: Parameters): string {
  const parts = [
    reason === undefined ? '' : ` with reason ${reason}`,
    matches === undefined ? '' : ` saying ${matches}`,
  ];
  return `an event${parts.join('')}`;
}
