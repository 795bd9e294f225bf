/** Time for each probe. */
export const TIMEOUT_MS = 30_000;

/** Size of each probe's output: kube-proxy's rules of a large cluster are above 100 MiB. */
export const MAX_BYTES = 256 * 1024 * 1024;

/** Size of output that is searched for secrets, which is held several times in memory. */
export const MAX_SENSITIVE_BYTES = 48 * 1024 * 1024;

/** Probes run at the same time. */
export const CONCURRENCY = 4;

/** Network namespaces that are looked into. */
export const MAX_NAMESPACES = 300;
