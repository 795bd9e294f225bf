import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedactMode } from '../redact/modes.ts';
import { redactText } from '../redact/redact-text.ts';
import { redactAwk, UNSURE } from './redact-awk.ts';

let place: string;
let program: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'netvet-awk-'));
  program = join(place, 'redact.awk');
  writeFileSync(program, redactAwk());
});
afterAll(() => rmSync(place, { recursive: true }));

/** Every awk that distributions bring. */
const AWKS = [['mawk'], ['gawk'], ['busybox', 'awk'], ['original-awk']];

function run(awk: readonly string[], text: string, mode: RedactMode) {
  const [name = '', ...args] = awk;
  const counts = join(place, 'counts');
  rmSync(counts, { force: true });
  const all = [...args, '-v', `mode=${mode}`, '-v', `counts=${counts}`, '-f', program];
  const { status, stdout, stderr } = spawnSync(name, all, {
    input: text,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  const lines = existsSync(counts) ? readFileSync(counts, 'utf8') : '';
  const redactions = lines
    .trim()
    .split('\n')
    .filter(Boolean)
    .sort()
    .map((line) => line.split(' '));
  return {
    status,
    stderr: stderr.toString(),
    text: stdout.toString('latin1'),
    redactions: redactions.map(([kind, count]) => ({ kind, count: Number(count) })),
  };
}

const pieces = fc.constantFrom(
  ...[
    'password',
    'token',
    'api-key',
    'PrivateKey',
    'psk',
    'auth',
    'secrets',
    'name',
    'value',
    '--token',
    'mtu',
    '[x.auth]',
    '[y]',
  ],
  ...[
    ': ',
    '=',
    ' = ',
    ':=',
    ' ',
    '  ',
    '\t',
    ',',
    '"',
    "'",
    '\\',
    '\\"',
    '"""',
    '{',
    '}',
    '[',
    ']',
    '- ',
    '|',
    '#',
    '\r',
  ],
  ...[
    'abc',
    'true',
    '1450',
    'x/y+z==',
    'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrIn0.c2ln',
    'Bearer abcdefghijklmnop',
    'null',
  ],
  ...[
    'Authorization: Basic dXNlcjpw',
    'http://u:p@h/',
    'abcdef.0123456789abcdef',
    'LS0tLS1CRUdJTiBD',
    'ghp_abc',
  ],
  ...[
    '-----BEGIN RSA KEY-----',
    '-----END RSA KEY-----',
    'enc cbc(aes) 0xabc',
    'PSK "a"',
    'é',
    '<redacted:key>',
  ],
);
const anyLine = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''));
const anyText = fc.array(anyLine, { minLength: 1, maxLength: 6 }).map((lines) => `${lines.join('\n')}\n`);

describe.each(AWKS.map((awk) => [awk.join(' '), awk] as const))('redactAwk under %s', (_name, awk) => {
  const isThere = spawnSync(awk[0] ?? '', [...awk.slice(1), 'BEGIN { exit 0 }']).status === 0;

  it.skipIf(!isThere)('does what LineRedactor does, or tells that it is not sure', () => {
    let sure = 0;
    fc.assert(
      fc.property(
        anyText,
        fc.constantFrom<RedactMode>('configuration', 'arguments', 'logs'),
        (text, mode) => {
          const bytes = Buffer.from(text).toString('latin1');
          const result = run(awk, text, mode);
          expect(result.stderr).toBe('');
          if (result.status === UNSURE && mode === 'configuration') return;
          sure++;
          const clean = redactText(bytes, mode);
          expect({ text: result.text, redactions: result.redactions }).toEqual(clean);
        },
      ),
      { numRuns: 150 },
    );
    expect(sure).toBeGreaterThan(50);
  });

  it
    .skipIf(!isThere)
    .each([
      'password: |\n  a\n',
      'password = """\na\n"""\n',
      '"tokens": [\n"a"\n]\n',
      'PASSWORD=a \\\n b\n',
      'tokens:\n- a\n',
      '{"token":\n"a"}\n',
      "- name: A_TOKEN\n  value: 'a'\n",
    ])('is not sure of %j', (text) => {
    expect(run(awk, text, 'configuration').status).toBe(UNSURE);
  });
});
