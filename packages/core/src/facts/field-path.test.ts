import { expect, it } from 'vitest';
import { isFieldPath, valuesAt } from './field-path.ts';

const service = {
  metadata: { annotations: { 'a.b/c': 'x' } },
  spec: { externalIPs: ['192.0.2.1', '192.0.2.2'], ports: [{ port: 80 }, { port: 443 }] },
};

it.each([
  ['spec.ports[].port', [80, 443], ['/spec/ports/0/port', '/spec/ports/1/port']],
  ['metadata.annotations["a.b/c"]', ['x'], ['/metadata/annotations/a.b~1c']],
  ['spec.externalIPs[]', ['192.0.2.1', '192.0.2.2'], ['/spec/externalIPs/0', '/spec/externalIPs/1']],
  ['spec.none.deeper', [], []],
])('%s', (path, values, pointers) => {
  const found = valuesAt(service, path);
  expect(found.map(({ value }) => value)).toEqual(values);
  expect(found.map(({ pointer }) => pointer)).toEqual(pointers);
});

it('refuses what is no path', () => {
  expect(isFieldPath('spec..ports')).toBe(false);
  expect(isFieldPath('spec.ports[0')).toBe(false);
});
