/**
 * A shell line that reads the logs of all pods whose name begins with `pod` (a regular expression), in any namespace:
 * `kubectl logs` itself can not look into all of them.
 */
export function podLogsCommand(pod: string, options: string): string {
  return `kubectl get pods -A --no-headers | awk '$2 ~ /^(${pod})/ {print "-n", $1, $2}' | xargs -r -L1 kubectl logs ${options}`;
}
