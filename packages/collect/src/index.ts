export { type Attempt, type CollectedFile, sealFile } from './manifest/collected-file.ts';
export type { SnapshotInfo } from './manifest/manifest-file.ts';
export { OutputError, type OutputErrorCode } from './manifest/output-error.ts';
export type { OutputOptions } from './manifest/place.ts';
export { writeArchive } from './manifest/write-archive.ts';
export { writeDirectory } from './manifest/write-directory.ts';
export type { Redaction, RedactMode } from './redact/modes.ts';
export { redactObject } from './redact/redact-object.ts';
export { redactText } from './redact/redact-text.ts';
