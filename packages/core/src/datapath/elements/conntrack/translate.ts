import { type IpAddress, parseAddress } from '../../../net/address.ts';
import { type NumberRange, parseNumberRange, rangeContains } from '../../../net/number-range.ts';
import type { Choices } from '../../choices/choices.ts';
import type { Connection } from './connection.ts';

/** What an address translation asks for. */
export interface Translation {
  readonly first?: IpAddress;
  /** Another address than `first` where there are several to choose from. */
  readonly last?: IpAddress;
  readonly ports?: NumberRange;
  /** Whether the port is chosen by chance even where it could be kept. */
  readonly randomPort?: boolean;
}

/** Reads `10.0.0.1:80`, `10.0.0.1-10.0.0.3:80-90`, `[fd00::1]:80`, `:80`, `10.0.0.1`. */
export function readTranslation(text: string): Translation | undefined {
  const match = /^(?:\[([^\]]+)\]|([^\s[\]]*?))(?::(\d+(?:-\d+)?))?(?:\/\d+)?$/.exec(
    /^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(text) ? `[${text}]` : text,
  );
  if (match === null) return undefined;
  const [first, last] = (match[1] ?? match[2] ?? '')
    .split('-')
    .map((part) => (part === '' ? null : parseAddress(part)));
  if (first === undefined || (last === undefined && /-/.test(match[1] ?? match[2] ?? ''))) return undefined;
  const ports = match[3] === undefined ? undefined : parseNumberRange(match[3]);
  if (match[3] !== undefined && ports === undefined) return undefined;
  if (first === null && ports === undefined) return undefined;
  return {
    ...(first === null ? {} : { first }),
    ...(last === undefined || last === null ? {} : { last }),
    ...(ports === undefined ? {} : { ports }),
  };
}

/**
 * Writes a translation of the destination into a connection (`nf_nat_setup_info`, net/netfilter/nf_nat_core.c).
 * The translation of each kind is decided once.
 */
export function translateDestination(connection: Connection, wanted: Translation, choices: Choices): void {
  connection.isDestinationDecided = true;
  const { source, sourcePort, ...rest } = connection.reply;
  const port = chooseServicePort(sourcePort, wanted, choices);
  connection.reply = {
    ...rest,
    source: chooseAddress(wanted, choices) ?? source,
    ...(port === undefined ? {} : { sourcePort: port }),
  };
}

/** The same for the source. A port that the kernel may choose freely is left open. */
export function translateSource(connection: Connection, wanted: Translation, choices: Choices): void {
  connection.isSourceDecided = true;
  const { destination, destinationPort, ...rest } = connection.reply;
  const port = chooseSourcePort(destinationPort, wanted);
  connection.reply = {
    ...rest,
    destination: chooseAddress(wanted, choices) ?? destination,
    ...(port === undefined ? {} : { destinationPort: port }),
  };
}

/** Addresses of a range are taken by a hash that is not known outside the kernel, so each has the same chance. */
function chooseAddress({ first, last }: Translation, choices: Choices): IpAddress | undefined {
  if (first === undefined || last === undefined || last.bits <= first.bits) return first;
  const count = Math.min(Number(last.bits - first.bits) + 1, 256);
  const chosen = choices.random(Array.from({ length: count }, () => 1 / count));
  return { family: first.family, bits: first.bits + BigInt(chosen) };
}

function chooseServicePort(
  port: number | undefined,
  { ports }: Translation,
  choices: Choices,
): number | undefined {
  if (ports === undefined || (port !== undefined && rangeContains(ports, port))) return port;
  const count = Math.min(ports.last - ports.first + 1, 256);
  if (count === 1) return ports.first;
  return ports.first + choices.random(Array.from({ length: count }, () => 1 / count));
}

function chooseSourcePort(port: number | undefined, { ports, randomPort }: Translation): number | undefined {
  if (ports !== undefined && ports.first === ports.last) return ports.first;
  if (randomPort === true) return undefined;
  return ports === undefined || (port !== undefined && rangeContains(ports, port)) ? port : undefined;
}
