import { constant, type Match } from '../match.ts';

/**
 * `-m recent` (net/netfilter/xt_recent.c). Its lists of addresses are not in the evidence.
 * `--set` always matches. kube-proxy keeps in the list `KUBE-SEP-…` whom it gave that endpoint, to send them there again
 * (`sessionAffinity: ClientIP`). Which endpoint a client has was once chosen as it is for a new one, so all clients are taken
 * for new, and each endpoint keeps its chance. Other lists are not modelled.
 */
export const recent: Match = {
  names: ['recent'],
  compile(options) {
    const option = (name: string) => options.find((candidate) => candidate.name === name);
    const set = option('set');
    if (set !== undefined) return [constant(!set.negated)];
    const check = option('rcheck');
    const isAffinity = option('name')?.values[0]?.startsWith('KUBE-SEP-') === true;
    return check === undefined || check.negated || !isAffinity ? undefined : [constant(false)];
  },
};
