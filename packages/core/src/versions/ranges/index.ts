export { rangeBorders } from './borders.ts';
export { rangeContains } from './contains.ts';
export { parseRange } from './parse.ts';
export type {
  ParsedRange,
  RangeAnswer,
  RangeBorder,
  VersionBound,
  VersionRange,
  VersionWindow,
} from './types.ts';
