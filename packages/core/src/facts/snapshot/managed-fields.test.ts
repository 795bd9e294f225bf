import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutManagedFields } from './managed-fields.ts';

it.each([
  [
    '{"metadata":{"name":"a","managedFields":[{"fieldsV1":{"f:x":{}}}],"uid":"u"}}',
    '{"metadata":{"name":"a","uid":"u"}}',
  ],
  ['{"metadata":{"managedFields":[{"fieldsV1":{}}],"name":"a"}}', '{"metadata":{"name":"a"}}'],
  ['{"metadata":{"name":"a","managedFields":[{"fieldsV1":{}}]}}', '{"metadata":{"name":"a"}}'],
  ['{"metadata":{"name":"a"}}', undefined],
])('%s', (text, short) => {
  expect(withoutManagedFields(text)).toBe(short);
});

it('leaves either the same object without the field, or no JSON', () => {
  const fields = fc.array(fc.record({ fieldsV1: fc.dictionary(fc.string(), fc.constant({})) }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(fc.string(), fields, fc.string(), (name, managedFields, uid) => {
      const short = withoutManagedFields(JSON.stringify({ metadata: { name, managedFields, uid } }));
      if (short === undefined) return;
      let parsed: unknown;
      try {
        parsed = JSON.parse(short);
      } catch {
        return;
      }
      expect(parsed).toEqual({ metadata: { name, uid } });
    }),
  );
});
