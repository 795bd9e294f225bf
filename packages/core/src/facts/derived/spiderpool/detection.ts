import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { attachmentPlugins } from './attachments.ts';
import { ATTACHMENTS, byName, COORDINATORS, fieldOf, MULTUS_CONFIGS } from './objects.ts';

const FLAGS = ['detectGateway', 'detectIPConflict'] as const;

/**
 * Objects that make the coordinator plugin look for its gateway or for address conflicts: SpiderCoordinator, the
 * coordinator part of a SpiderMultusConfig, and hand-written network attachments.
 */
export const coordinatorDetection: FactDefinition<readonly string[]> = {
  id: 'spiderpool.coordinator-detection',
  title: 'objects that switch gateway or conflict detection of the coordinator on',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join(', '),
  compute(read): Fact<readonly string[]> {
    const found = [
      ...flagged(read, COORDINATORS, 'SpiderCoordinator', 'spec'),
      ...flagged(read, MULTUS_CONFIGS, 'SpiderMultusConfig', 'spec.coordinator'),
      ...inAttachments(read),
    ];
    if (found.length > 0) {
      return known(
        found.map(({ text }) => text),
        ...found.slice(0, 3).map(({ origin }) => origin),
      );
    }
    const missing = [COORDINATORS, MULTUS_CONFIGS, ATTACHMENTS].filter(
      (resource) => read.objects(resource)?.complete !== true,
    );
    return missing.length === 0 ? known([]) : unknown(...missing.map(missingObjects));
  },
};

interface Flagged {
  readonly text: string;
  readonly origin: Origin;
}

function flagged(read: Reader, resource: string, kind: string, path: string): Flagged[] {
  return [...byName(read.objects(resource))].flatMap(([name, stored]) =>
    FLAGS.filter((flag) => fieldOf(stored.object, `${path}.${flag}`) === true).map((flag) => ({
      text: `${kind} ${name} (${flag})`,
      origin: inObject(stored, `/${path.replaceAll('.', '/')}/${flag}`),
    })),
  );
}

function inAttachments(read: Reader): Flagged[] {
  return [...byName(read.objects(ATTACHMENTS))].flatMap(([name, stored]: [string, StoredObject]) => {
    const plugins = attachmentPlugins(stored)?.filter(({ type }) => type === 'coordinator') ?? [];
    return FLAGS.filter((flag) => plugins.some((plugin) => plugin[flag] === true)).map((flag) => ({
      text: `NetworkAttachmentDefinition ${name} (${flag})`,
      origin: inObject(stored, '/spec/config'),
    }));
  });
}
