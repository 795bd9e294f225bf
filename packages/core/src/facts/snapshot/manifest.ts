import { PROBE_STATUSES } from '../../model/coverage.ts';
import { type Manifest, type ManifestEntry, SNAPSHOT_SCHEMA } from '../../model/manifest.ts';

/** Reads `manifest.json`. What is wrong with it is named; entries that make sense are still used. */
export function readManifest(text: string): { readonly manifest?: Manifest; readonly problem?: string } {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'expected a JSON object' };
  const fields = value as Readonly<Record<string, unknown>>;
  const { takenAt, netvet, cluster, entries } = fields;
  if (typeof takenAt !== 'string' || Number.isNaN(Date.parse(takenAt))) {
    return { problem: 'expected "takenAt" to be an ISO 8601 time' };
  }
  const list = Array.isArray(entries) ? entries : [];
  const kept = list.filter(isEntry);
  const manifest: Manifest = {
    ...fields,
    schema: SNAPSHOT_SCHEMA,
    takenAt,
    netvet: typeof netvet === 'string' ? netvet : 'unknown',
    ...(typeof cluster === 'string' ? { cluster } : {}),
    entries: kept,
  };
  if (fields.schema !== SNAPSHOT_SCHEMA) {
    return { manifest, problem: `expected the schema ${SNAPSHOT_SCHEMA}, found ${String(fields.schema)}` };
  }
  if (kept.length < list.length) {
    return { manifest, problem: `${list.length - kept.length} entries have no path or an unknown status` };
  }
  return { manifest };
}

function isEntry(value: unknown): value is ManifestEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { path, status } = value as { path?: unknown; status?: unknown };
  return typeof path === 'string' && PROBE_STATUSES.some((known) => known === status);
}
