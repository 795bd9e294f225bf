import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';
import { splitTopLevel } from './split.ts';

/** What `ovs-vsctl show` tells of one Open vSwitch. */
export interface OvsSwitch extends Place {
  readonly uuid?: string;
  readonly version?: string;
  readonly bridges: readonly OvsBridge[];
  readonly managers: readonly string[];
  readonly properties: ReadonlyMap<string, string>;
}

/** One bridge. */
export interface OvsBridge extends Place {
  readonly name: string;
  readonly controllers: readonly string[];
  /** `datapath_type`, `fail_mode`, … */
  readonly properties: ReadonlyMap<string, string>;
  readonly ports: readonly OvsPort[];
}

/** One port of a bridge. */
export interface OvsPort extends Place {
  readonly name: string;
  /** Access VLAN. */
  readonly tag?: number;
  /** `trunks`, `bond_mode`, … */
  readonly properties: ReadonlyMap<string, string>;
  readonly interfaces: readonly OvsInterface[];
}

/** One interface of a port. */
export interface OvsInterface extends Place {
  readonly name: string;
  /** `internal`, `geneve`, `vxlan`, `patch`, …; absent for a device of the system. */
  readonly type?: string;
  /** What Open vSwitch says when it cannot use the device. */
  readonly error?: string;
  readonly options: ReadonlyMap<string, string>;
  readonly properties: ReadonlyMap<string, string>;
}

interface Draft {
  readonly line: number;
  readonly name: string;
  readonly properties: Map<string, string>;
}

/** A record by its indentation. */
interface Owner {
  readonly indent: number;
  readonly properties: Map<string, string>;
}

interface PortDraft extends Draft {
  readonly interfaces: Draft[];
}

interface BridgeDraft extends Draft {
  readonly controllers: string[];
  readonly ports: PortDraft[];
}

/** Properties that only an interface has, even if they are indented as those of its port. */
const OF_INTERFACE: ReadonlySet<string> = new Set(['type', 'options', 'error']);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LINE_LIMIT = 10_000;

/**
 * Reads `ovs-vsctl show`:
 *
 * ```text
 * f06768ee-17ec-4abb-a971-b3b76abc8cda
 *     Bridge br-int
 *         datapath_type: system
 *         Port antrea-tun0
 *             Interface antrea-tun0
 *                 type: geneve
 *                 options: {key=flow, remote_ip=flow}
 *     ovs_version: "3.7.1"
 *   → { uuid: 'f06768ee-…', version: '3.7.1', bridges: [{ name: 'br-int', properties: {datapath_type → 'system'},
 *       ports: [{ name: 'antrea-tun0', interfaces: [{ type: 'geneve', options: {key → 'flow', …} }] }] }] }
 * ```
 */
export function parseOvsVsctlShow(text: string): Parsed<OvsSwitch> {
  const problems = new ProblemLog();
  const reader = new Reader();
  for (const { number: line, text: content } of readableLinesOf(text, problems)) {
    const isRead = content.length <= LINE_LIMIT && reader.readLine(content, line);
    if (!isRead) problems.add({ line }, 'expected a line of "ovs-vsctl show"', content);
  }
  return { value: reader.value(), problems: problems.list() };
}

class Reader {
  #uuid: string | undefined;
  readonly #managers: string[] = [];
  readonly #properties = new Map<string, string>();
  readonly #bridges: BridgeDraft[] = [];
  #bridge: BridgeDraft | undefined;
  #port: PortDraft | undefined;
  /** The records a property could belong to, each indented further than the one before it. */
  #owners: readonly Owner[] = [];

  /** Whether the line was understood. */
  readLine(content: string, line: number): boolean {
    const trimmed = content.trim();
    const indent = content.length - content.trimStart().length;
    if (UUID.test(trimmed)) {
      this.#uuid = trimmed;
      return true;
    }
    const record = /^(Bridge|Port|Interface|Controller|Manager) (.+)$/.exec(trimmed);
    if (record !== null) {
      const name = unquote(record[2] ?? '');
      return this.#open(record[1] ?? '', { name, line, properties: new Map() }, indent);
    }
    const property = /^([a-z_]+): ?(.*)$/.exec(trimmed);
    if (property === null || (indent === 0 && property[1] !== 'ovs_version')) return false;
    this.#setProperty(property[1] ?? '', unquote(property[2] ?? ''), indent);
    return true;
  }

  #open(kind: string, draft: Draft, indent: number): boolean {
    if (kind === 'Manager') {
      this.#managers.push(draft.name);
    } else if (kind === 'Bridge') {
      this.#bridge = { ...draft, controllers: [], ports: [] };
      this.#port = undefined;
      this.#bridges.push(this.#bridge);
    } else if (this.#bridge === undefined) {
      return false;
    } else if (kind === 'Controller') {
      this.#bridge.controllers.push(draft.name);
    } else if (kind === 'Port') {
      this.#port = { ...draft, interfaces: [] };
      this.#bridge.ports.push(this.#port);
    } else if (this.#port === undefined) {
      return false;
    } else {
      this.#port.interfaces.push(draft);
    }
    const outer = this.#owners.filter((owner) => owner.indent < indent);
    this.#owners = [...outer, { indent, properties: draft.properties }];
    return true;
  }

  #setProperty(name: string, value: string, indent: number): void {
    const owner = this.#owners.findLast((candidate) => candidate.indent < indent);
    const properties = owner?.properties ?? this.#properties;
    const isMisplaced = OF_INTERFACE.has(name) && properties === this.#port?.properties;
    (isMisplaced ? (this.#port?.interfaces.at(-1)?.properties ?? properties) : properties).set(name, value);
  }

  value(): OvsSwitch {
    const version = this.#properties.get('ovs_version');
    return {
      ...(this.#uuid === undefined ? {} : { uuid: this.#uuid }),
      ...(version === undefined ? {} : { version }),
      managers: this.#managers,
      properties: this.#properties,
      bridges: this.#bridges.map((bridge) => ({ ...bridge, ports: bridge.ports.map(portOf) })),
    };
  }
}

function portOf(draft: PortDraft): OvsPort {
  const tag = draft.properties.get('tag');
  return {
    ...draft,
    ...(tag !== undefined && /^\d{1,4}$/.test(tag) ? { tag: Number(tag) } : {}),
    interfaces: draft.interfaces.map(interfaceOf),
  };
}

function interfaceOf(draft: Draft): OvsInterface {
  const type = draft.properties.get('type');
  const error = draft.properties.get('error');
  return {
    ...draft,
    ...(type === undefined ? {} : { type }),
    ...(error === undefined ? {} : { error }),
    options: readOptions(draft.properties.get('options') ?? ''),
  };
}

/** `{key=flow, remote_ip="192.168.0.3"}` */
function readOptions(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const part of splitTopLevel(text.replace(/^\{|\}$/g, ''))) {
    const equals = part.indexOf('=');
    if (equals > 0) options.set(part.slice(0, equals), unquote(part.slice(equals + 1)));
  }
  return options;
}

function unquote(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
