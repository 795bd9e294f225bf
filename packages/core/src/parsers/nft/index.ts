export { parseNftRulesetJson } from './json.ts';
export { parseNftRuleset } from './text.ts';
export type {
  NftChain,
  NftElement,
  NftFlowtable,
  NftObject,
  NftRule,
  NftRuleset,
  NftSet,
  NftTable,
  NftToken,
  NftVerdict,
} from './types.ts';
