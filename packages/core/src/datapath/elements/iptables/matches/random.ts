import type { Match } from '../match.ts';

/**
 * `-m statistic` (net/netfilter/xt_statistic.c). Which packet of a row a mode `nth` rule takes is not in the evidence, so
 * each has the same chance.
 */
export const statistic: Match = {
  names: ['statistic'],
  compile(options) {
    const option = (name: string) => options.find((candidate) => candidate.name === name);
    const random = option('probability');
    const nth = option('every');
    const chosen = random ?? nth;
    const value = Number(chosen?.values[0]);
    if (chosen === undefined || !Number.isFinite(value) || value < 0) return undefined;
    const probability = Math.min(1, random === undefined ? 1 / Math.max(1, value) : value);
    return [() => ({ probability: chosen.negated ? 1 - probability : probability })];
  },
};
