import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROBES } from './catalogue.ts';

/** Every parser is given damaged captures for this long; `NETVET_FUZZ_MS` makes it longer. */
const TIME_LIMIT_MS = Number(process.env.NETVET_FUZZ_MS ?? 400);
const LARGEST = 200_000;

const captures = readCaptures(new URL('../parsers/', import.meta.url).pathname);

function readCaptures(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('__fixtures__') && !path.endsWith('.yaml'))
    .map((path) => join(folder, path))
    .filter((path) => existsSync(path) && statSync(path).isFile() && statSync(path).size < LARGEST)
    .map((path) => readFileSync(path, 'utf8'));
}

/** Real captures, cut, doubled, mixed with each other and with noise. */
const damaged = fc
  .record({
    text: fc.constantFrom('', ...captures),
    other: fc.constantFrom('', ...captures),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
    noise: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('\0', '\ufeff', '\r\n', '"', '{', '[', '-', '\\'),
    ),
    end: fc.constantFrom('\n', '\r\n', '\r'),
  })
  .map(({ text, other, from, to, noise, end }) => {
    const start = Math.floor(from * text.length);
    const stop = start + Math.floor(to * (text.length - start));
    const line = other
      .slice(Math.floor(to * other.length))
      .split('\n', 3)
      .join('\n');
    return `${text.slice(0, start)}${noise}${text.slice(stop)}\n${line}`.replaceAll('\n', end);
  });

it('has captures to damage', () => {
  expect(captures.length).toBeGreaterThan(80);
});

describe.each(PROBES.map((probe) => [probe.id, probe] as const))('%s', (_, probe) => {
  const forms = probe.json === undefined ? [probe] : [probe, probe.json];
  it.each(forms.map((form) => [form.file, form] as const))(
    '%s: never throws, and says what it did not understand',
    (_file, form) => {
      fc.assert(
        fc.property(damaged, (text) => {
          const { problems } = form.parse(text);
          for (const { reason, line } of problems) {
            expect(reason).not.toBe('');
            if (line !== undefined) expect(line).toBeGreaterThan(0);
          }
        }),
        { interruptAfterTimeLimit: TIME_LIMIT_MS, numRuns: 1_000_000, markInterruptAsFailure: false },
      );
    },
  );

  it('takes an empty text as an empty output', () => {
    expect(probe.parse('').problems).toEqual([]);
  });
});
