import { expect, it } from 'vitest';
import { parseDmiVendor } from './index.ts';

it.each(['VMware, Inc.', 'QEMU', 'Amazon EC2', 'Microsoft Corporation', 'Dell Inc.'])(
  'reads %s',
  (vendor) => {
    expect(parseDmiVendor(`${vendor}\n`)).toEqual({ value: { vendor, line: 1 }, problems: [] });
  },
);

it('has nothing to say of an empty text', () => {
  expect(parseDmiVendor('\n')).toEqual({ value: undefined, problems: [] });
});

it.each(['cat: /sys/class/dmi/id/sys_vendor: No such file or directory', 'QEMU\0', 'x'.repeat(5000)])(
  'does not take %j for a vendor',
  (text) => {
    const { value, problems } = parseDmiVendor(text);
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ line: 1 }]);
  },
);

it('reports more than one line', () => {
  expect(parseDmiVendor('QEMU\nDell Inc.\n')).toMatchObject({
    value: { vendor: 'QEMU' },
    problems: [{ line: 2 }],
  });
});
