import { type Parsed, ProblemLog } from '../parsed.ts';
import { fillPlaceholders } from './placeholders.ts';

/** One plugin of a CNI network. */
export interface CniPlugin {
  readonly type: string;
  /** The plugin's settings as written, `type` included. */
  readonly config: Readonly<Record<string, unknown>>;
  /** `/plugins/<index>`, or the empty pointer for a file with a single plugin. */
  readonly pointer: string;
}

/** A CNI network configuration. */
export interface CniConf {
  readonly name?: string;
  readonly cniVersion?: string;
  readonly plugins: readonly CniPlugin[];
  /** Whether the file has a list of plugins (`.conflist`) rather than one (`.conf`). */
  readonly isList: boolean;
}

/**
 * Reads a file of `/etc/cni/net.d`.
 *
 * ```json
 * { "name": "cbr0", "cniVersion": "0.3.1", "plugins": [{ "type": "flannel" }, { "type": "portmap" }] }
 * ```
 * gives `{ name: 'cbr0', cniVersion: '0.3.1', isList: true, plugins: [{ type: 'flannel', pointer: '/plugins/0', … }, …] }`.
 *
 * In a template with words such as `__CNI_MTU__` outside of quotes each of them is a problem and reads as null. Text that
 * is no CNI configuration gives `undefined`.
 */
export function parseCniConf(text: string): Parsed<CniConf | undefined> {
  const problems = new ProblemLog();
  const root = text.trim() === '' ? undefined : readJson(text, problems);
  const value = root === undefined ? undefined : readConf(root, problems);
  return { value, problems: problems.list() };
}

function readJson(text: string, problems: ProblemLog): unknown {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return JSON.parse(plain) as unknown;
  } catch (error) {
    const filled = fillPlaceholders(plain);
    for (const { name, line } of filled.placeholders)
      problems.add({ line }, 'a placeholder of a template', name);
    try {
      if (filled.placeholders.length > 0) return JSON.parse(filled.text) as unknown;
    } catch {
      // The first message below says what is wrong.
    }
    problems.add({}, `not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function readConf(root: unknown, problems: ProblemLog): CniConf | undefined {
  if (!isRecord(root)) {
    problems.add({ pointer: '' }, 'not a CNI configuration: expected an object');
    return undefined;
  }
  const { name, cniVersion, plugins: list } = root;
  const isList = Array.isArray(list);
  if (!isList && typeof root.type !== 'string') {
    problems.add({ pointer: '' }, 'not a CNI configuration: it has neither "type" nor "plugins"');
    return undefined;
  }
  const plugins: CniPlugin[] = [];
  if (!isList) plugins.push({ type: String(root.type), config: root, pointer: '' });
  for (const [index, config] of isList ? (list as readonly unknown[]).entries() : []) {
    const pointer = `/plugins/${index}`;
    if (isRecord(config) && typeof config.type === 'string')
      plugins.push({ type: config.type, config, pointer });
    else problems.add({ pointer }, 'a plugin without "type"');
  }
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof cniVersion === 'string' ? { cniVersion } : {}),
    plugins,
    isList,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
