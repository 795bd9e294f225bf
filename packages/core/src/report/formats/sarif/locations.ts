import type { Evidence } from '../../../model/evidence.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Subject } from '../../../model/subject.ts';
import { printable } from '../../shared/unprintable.ts';

/** Files of the evidence are named from its root, wherever that lies. */
export const EVIDENCE_BASE = 'EVIDENCE';

/** A file of the evidence, and the line where one is known. */
export function artifactOf({ file, line }: Evidence) {
  return {
    artifactLocation: { uri: uriOf(file), uriBaseId: EVIDENCE_BASE },
    ...(line === undefined ? {} : { region: { startLine: line } }),
  };
}

/** Every place of the proof once, the decisive first; only the subject where there is none. */
export function locationsOf({ because, subject }: Finding) {
  const places = new Map<string, Evidence>();
  for (const one of because.flatMap(({ evidence }) => evidence)) places.set(JSON.stringify(one), one);
  const about = subjectLocation(subject);
  if (places.size === 0) return [{ logicalLocations: [about] }];
  return [...places.values()].map((place) => ({
    physicalLocation: artifactOf(place),
    logicalLocations: [about, ...pointerLocations(place)],
  }));
}

function subjectLocation({ kind, name, objectKind }: Subject) {
  return {
    name: printable(name),
    fullyQualifiedName: printable(`${objectKind ?? kind}/${name}`),
    kind: 'resource',
  };
}

/** JSON has no lines worth naming: the pointer says where in the document. */
function pointerLocations({ file, pointer }: Evidence) {
  if (pointer === undefined || pointer === '') return [];
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  return [{ name: printable(name), fullyQualifiedName: printable(`${file}#${pointer}`), kind: 'value' }];
}

/** A relative reference; a colon in the first part would read as a scheme. */
function uriOf(file: string): string {
  return file.toWellFormed().split('/').map(encodeURIComponent).join('/');
}
