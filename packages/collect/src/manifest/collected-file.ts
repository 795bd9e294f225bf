import { createHash } from 'node:crypto';
import type { ManifestEntry, ProbeStatus } from '@netvet/core';
import type { RedactMode } from '../redact/modes.ts';
import { redactBytes } from '../redact/redact-bytes.ts';

/** One attempt of a collection: its entry in the manifest, and the file where something was obtained. */
export interface CollectedFile {
  /** Path in the snapshot, the same as in the entry. */
  readonly path: string;
  /** Absent where nothing was obtained. */
  readonly bytes?: Uint8Array;
  readonly entry: ManifestEntry;
}

/** What is known of an attempt before it becomes a file of the snapshot. */
export interface Attempt {
  readonly path: string;
  /** Id of the probe. */
  readonly probe: string;
  readonly status: ProbeStatus;
  readonly bytes?: Uint8Array;
  readonly command?: string;
  readonly request?: string;
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly message?: string;
}

/**
 * Makes the file and the manifest entry of an attempt: takes secrets out of the bytes, the command and the message,
 * then measures and hashes what is left. Without `mode` the bytes are known to hold no secret.
 */
export function sealFile(attempt: Attempt, mode?: RedactMode): CollectedFile {
  const { path, probe, bytes, command, request, exitCode, durationMs } = attempt;
  const message = attempt.message === undefined ? undefined : redactMessage(attempt.message);
  const clean =
    bytes === undefined
      ? undefined
      : mode === undefined
        ? { bytes, redactions: [] }
        : redactBytes(bytes, mode);
  const redactions = clean?.redactions ?? [];
  const entry: ManifestEntry = {
    path,
    probe,
    status: attempt.status === 'ok' && redactions.length > 0 ? 'redacted' : attempt.status,
    ...(command === undefined ? {} : { command }),
    ...(request === undefined ? {} : { request }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(clean === undefined ? {} : { bytes: clean.bytes.length, sha256: sha256(clean.bytes) }),
    ...(redactions.length === 0 ? {} : { redactions }),
    ...(message === undefined ? {} : { message }),
  };
  return clean === undefined ? { path, entry } : { path, bytes: clean.bytes, entry };
}

function redactMessage(message: string): string {
  const clean = redactBytes(new TextEncoder().encode(message), 'logs');
  return new TextDecoder().decode(clean.bytes);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
