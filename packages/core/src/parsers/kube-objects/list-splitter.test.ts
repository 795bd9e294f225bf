import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListSplitter, parseListElement } from './index.ts';

/** Splits bytes that come in pieces of the given lengths, over and over, and parses what comes out. */
function split(bytes: Uint8Array, lengths: readonly number[]) {
  const splitter = new ListSplitter();
  const elements = [];
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const end = at + (lengths[piece % lengths.length] ?? bytes.length);
    // The piece is overwritten afterwards, as by a reader that uses one buffer for all.
    const bytesOfPiece = bytes.slice(at, end);
    elements.push(...splitter.push(bytesOfPiece));
    bytesOfPiece.fill(0x22);
    at = end;
  }
  const { value, problems } = splitter.end();
  const parsed = elements.map(parseListElement);
  return {
    ...value,
    elements,
    values: parsed.map((element) => element.value),
    problems: [...problems, ...parsed.flatMap((element) => element.problems)],
  };
}

function splitText(text: string, ...lengths: number[]) {
  return split(new TextEncoder().encode(text), lengths);
}

/**
 * Once V8 13.6 (Node 24) has parsed an object with the key "\\" (one backslash), it reads other keys that are a single escape,
 * such as "\n", as a backslash too, so its JSON.parse is no measure then.
 */
function confusesV8(text: string): boolean {
  return text.includes(String.raw`"\\"`);
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '"',
    'a\\',
    '\\\\"',
    '{',
    '}]',
    ',',
    'é',
    '😀',
    'items',
    'x'.repeat(100),
    `${'\\'.repeat(99)}"`,
  ),
);
const json = fc
  .jsonValue({ noUnicodeString: false })
  .chain((value) => texts.map((text) => ({ value, [text]: [text] })));
const lengths = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 5 });
const indent = fc.constantFrom(undefined, 1, '\t', '\r\n ');

it('gives what JSON.parse gives for a list, however it is cut', () => {
  const rest = fc.dictionary(
    texts.filter((key) => key !== 'items'),
    json,
    { maxKeys: 4, noNullPrototype: true },
  );
  fc.assert(
    fc.property(
      rest,
      fc.array(json, { maxLength: 6 }),
      rest,
      lengths,
      indent,
      (before, items, after, pieces, space) => {
        const text = JSON.stringify({ ...before, items, ...after }, undefined, space);
        fc.pre(!confusesV8(text));
        const whole = JSON.parse(text);
        const found = splitText(text, ...pieces);
        expect(found.problems).toEqual([]);
        expect(found.listPointer).toBe('/items');
        expect({ ...found.rest, items: found.values }).toEqual(whole);
        expect(found.elements.map(({ pointer }) => pointer)).toEqual(
          items.map((_, index) => `/items/${index}`),
        );
      },
    ),
  );
});

it('gives what JSON.parse gives for a bare array, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(json, fc.jsonValue()), { maxLength: 8 }),
      lengths,
      indent,
      (items, pieces, space) => {
        const text = JSON.stringify(items, undefined, space);
        fc.pre(!confusesV8(text));
        const found = splitText(text, ...pieces);
        expect(found).toMatchObject({ problems: [], listPointer: '', rest: {}, count: items.length });
        expect(found.values).toEqual(JSON.parse(text));
      },
    ),
  );
});

it('has a problem wherever JSON.parse has one', () => {
  const document = fc.oneof(
    fc.array(json, { maxLength: 4 }).map((items) => JSON.stringify({ kind: 'List', items, metadata: {} })),
    fc.array(fc.jsonValue(), { maxLength: 4 }).map((items) => JSON.stringify(items)),
  );
  const damage = fc.tuple(
    fc.nat(),
    fc.nat(8),
    fc.constantFrom('', ',', '"', '{', '}', '[', ']', ':', '\\', '0', ' ', 'items'),
  );
  fc.assert(
    fc.property(document, damage, lengths, (whole, [place, length, instead], pieces) => {
      const at = place % (whole.length + 1);
      const text = (whole.slice(0, at) + instead + whole.slice(at + length)).toWellFormed();
      fc.pre(!confusesV8(text));
      const found = splitText(text, ...pieces);
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        expect(found.problems.length > 0 || text.trim() === '').toBe(true);
        return;
      }
      if (typeof value !== 'object' || value === null) expect(found.problems.length).toBeGreaterThan(0);
      else if (found.problems.length > 0) expect(text).toMatch(/"items".*"items"/s);
      else if (Array.isArray(value)) expect(found.values).toEqual(value);
      else
        expect({ ...found.rest, ...(found.listPointer === '/items' && { items: found.values }) }).toEqual(
          value,
        );
    }),
    { numRuns: 1000 },
  );
});

it('never throws for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), lengths, (bytes, pieces) => {
      const start = new TextEncoder().encode('{"items":[{"a":"');
      split(bytes, pieces);
      split(Uint8Array.from([...start, ...bytes]), pieces);
    }),
  );
});

describe('damage', () => {
  it.each([
    [3, []],
    [16, []],
    [17, [{ a: 1 }]],
    [25, [{ a: 1 }]],
    [27, [{ a: 1 }, { b: '}' }]],
    [32, [{ a: 1 }, { b: '}' }, [3]]],
    [33, [{ a: 1 }, { b: '}' }, [3]]],
    [34, [{ a: 1 }, { b: '}' }, [3], 4]],
    [40, [{ a: 1 }, { b: '}' }, [3], 4]],
  ])('gives the whole elements of a text that is cut at byte %i', (length, expected) => {
    const { values, problems } = splitText('{"items":[{"a":1},{"b":"}"},[3],4],"x":1}'.slice(0, length));
    expect(values).toEqual(expected);
    expect(problems).toMatchObject([{ reason: `the JSON text is cut off at byte ${length}` }]);
  });

  it('names the element that is cut', () => {
    expect(splitText('[{"a":1},{"b"').problems).toEqual([
      { pointer: '/1', reason: 'the JSON text is cut off at byte 13' },
    ]);
  });

  it.each([
    ['Error from server (Forbidden): pods is forbidden', 'expected a JSON object or array at byte 0'],
    ['<html>', 'expected a JSON object or array at byte 0'],
    ['"text"', 'expected a JSON object or array at byte 0'],
    ['[1,]', 'expected a value at byte 3'],
    ['[1 2]', 'expected "," or "]" at byte 3'],
    ['[1] [2]', 'expected nothing more at byte 4'],
    ['{"a":1,}', 'expected a key at byte 7'],
    ['{"a" 1}', 'expected ":" at byte 5'],
    ['{"a":1 "b":2}', 'expected "," or "}" at byte 7'],
    ['{a:1}', 'expected a key or "}" at byte 1'],
    ['{"items":[1],"items":[2]}', 'expected no second "items" at byte 20'],
    ['[1}', 'expected "," or "]" at byte 2'],
  ])('reports %j', (text, reason) => {
    for (const length of [1, 3, 100]) expect(splitText(text, length).problems).toMatchObject([{ reason }]);
  });

  it('reports values that are not JSON and goes on', () => {
    expect(splitText('{"a":tru,"b":1,"items":[{"c":01},2]}')).toMatchObject({
      rest: { b: 1 },
      values: [undefined, 2],
      problems: [{ pointer: '/a' }, { pointer: '/items/0' }],
    });
  });
});

it('reads an empty text as nothing, with or without a byte order mark', () => {
  expect(splitText('')).toMatchObject({ count: 0, rest: {}, problems: [] });
  expect(splitText('\ufeff \n', 1)).toMatchObject({ count: 0, rest: {}, problems: [] });
  expect(splitText('\ufeff[1]', 1)).toMatchObject({ values: [1], problems: [] });
});

it('gives a single object as the rest', () => {
  expect(splitText('{"kind":"Pod","items":null,"__proto__":{"a":1}}', 5)).toMatchObject({
    count: 0,
    rest: JSON.parse('{"kind":"Pod","items":null,"__proto__":{"a":1}}'),
    problems: [],
  });
});

it('knows the fields before the list while the list is read', () => {
  const splitter = new ListSplitter();
  splitter.push(new TextEncoder().encode('{"kind":"PodList","apiVersion":"v1","items":[{'));
  expect(splitter.rest).toEqual({ kind: 'PodList', apiVersion: 'v1' });
});
