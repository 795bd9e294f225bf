/** Only the start of a line is looked at: messages of shells and tools are short, damaged files may be one long line. */
const LOOKED_AT = 400;

const FAILURE =
  /command not found|no such file or directory|permission denied|operation not permitted|cannot (?:open|access|stat)|connection refused|input\/output error|^(?:error|usage|fatal|panic|failed)\b/i;

/** Whether a line is what a shell or a tool says when it fails, rather than the output that was asked for. */
export function isFailureText(line: string): boolean {
  return FAILURE.test(line.slice(0, LOOKED_AT).trimStart());
}
