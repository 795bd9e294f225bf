const HEADER = 12;
const TYPES: Readonly<Record<number, 4 | 6>> = { 1: 4, 28: 6 };

/** Asks for the address of a name, of type A (RFC 1035, section 4). */
export function dnsQuery(id: number, name: string): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(0x0100, 2); // recursion desired
  header.writeUInt16BE(1, 4);
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  return Buffer.concat([header, ...labels, Buffer.of(0, 0, 1, 0, 1)]);
}

/** Answers a question for a known name; others do not exist. Undefined for what is no question. */
export function dnsAnswer(
  query: Buffer,
  names: Readonly<Record<string, readonly string[]>>,
): Buffer | undefined {
  const question = readQuestion(query);
  if (question === undefined) return undefined;
  const known = names[question.name];
  const family = TYPES[question.type];
  const addresses = (known ?? []).filter((address) => address.includes(':') === (family === 6));
  const records = family === undefined ? [] : addresses.map((address) => record(question.type, address));
  const header = Buffer.from(query.subarray(0, HEADER));
  header.writeUInt16BE(known === undefined ? 0x8583 : 0x8580, 2); // authoritative answer, NXDOMAIN or none
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(HEADER, question.end), ...records]);
}

/** Number of records in an answer to the question with this id; undefined for anything else. */
export function dnsRecordCount(answer: Buffer, id: number): number | undefined {
  if (answer.length < HEADER || answer.readUInt16BE(0) !== id) return undefined;
  return answer.readUInt16BE(6);
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } | undefined {
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (query.length < at + 4) return undefined;
  return { name: labels.join('.'), type: query.readUInt16BE(at), end: at + 4 };
}

/** A record for the name of the question, which a pointer to its place stands for. */
function record(type: number, address: string): Buffer {
  const data = type === 1 ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.from([0xc0, HEADER, 0, type, 0, 1, 0, 0, 0, 30, 0, data.length]);
  return Buffer.concat([head, data]);
}

function ipv6Bytes(address: string): Buffer {
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(left);
  const after = groups(right);
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return Buffer.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}
