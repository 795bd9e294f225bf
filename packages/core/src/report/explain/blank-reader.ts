import type { ProbeRead, Reader } from '../../facts/reader.ts';

const NOT_COLLECTED: ProbeRead<never> = {
  state: 'missing',
  status: 'not-collected',
  missing: { fact: '', command: '' },
};

/** A reader of no evidence at all: what a condition says to it is the condition in words. */
export const BLANK_READER: Reader = {
  probe: () => NOT_COLLECTED,
  members: () => [],
  fact: () => ({ state: 'unknown', missing: [] }),
  namespaces: () => [],
  nodeName: () => undefined,
  nodeDirectory: () => '',
  nodeObject: () => undefined,
  podsOnNode: () => undefined,
  objects: () => undefined,
  object: () => ({ object: { metadata: { name: '' } }, file: '', pointer: '' }),
  podNamespace: () => undefined,
  logs: () => [],
  nodes: () => [],
  takenAt: '1970-01-01T00:00:00Z',
  hypothetical: false,
};
