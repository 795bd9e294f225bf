/** Bits of the packet mark that Felix uses with its default mask, from 3.30 on. */
export const MARKS = {
  accept: '0x10000',
  pass: '0x20000',
  acceptAndPass: '0x30000',
  fromWorkload: '0x80000',
  allButAccept: '0xe0000',
  all: '0xf0000',
} as const;
