import type { FactOrigin } from '../../fact.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import { kernelConfigOption } from '../kernel-config/index.ts';
import { kernelModule } from '../kernel-module/index.ts';
import { photonShaping } from './photon-kernels.ts';

interface Piece {
  readonly option: string;
  /** Absent for parts of the kernel that are no module. */
  readonly module?: string;
}

const TOKEN_BUCKET: Piece = { option: 'CONFIG_NET_SCH_TBF', module: 'sch_tbf' };
const INGRESS: readonly Piece[] = [TOKEN_BUCKET];
/** Traffic that leaves a pod is redirected into an ifb device, and shaped there. */
const EGRESS: readonly Piece[] = [
  { option: 'CONFIG_IFB', module: 'ifb' },
  TOKEN_BUCKET,
  { option: 'CONFIG_NET_SCH_INGRESS', module: 'sch_ingress' },
];
/** Needed as well, but seldom missing where the others are there: only their proven absence counts. */
const EGRESS_HELPERS: readonly Piece[] = [
  { option: 'CONFIG_NET_CLS_ACT' },
  { option: 'CONFIG_NET_CLS_U32', module: 'cls_u32' },
  { option: 'CONFIG_NET_ACT_MIRRED', module: 'act_mirred' },
];

type Presence = { readonly state: 'there' | 'missing'; readonly origin: Origin | FactOrigin };

/** Kernel parts that the CNI bandwidth plugin needs for one direction (`ingress` or `egress`) and that this kernel lacks. */
export const missingShapingModules: FactDefinition<readonly string[]> = {
  id: 'host.shaping-modules-missing',
  title: 'kernel parts missing for traffic shaping',
  parameter: 'ingress or egress, as seen from the pod',
  level: 'node',
  format: (pieces) => pieces.join(', ') || 'none',
  compute(read, direction) {
    const needed = direction === 'ingress' ? INGRESS : EGRESS;
    const helpers = direction === 'ingress' ? [] : EGRESS_HELPERS;
    const found = needed.map((piece) => ({ piece, presence: presenceOf(read, piece) }));
    const all = [...found, ...helpers.map((piece) => ({ piece, presence: presenceOf(read, piece) }))];
    const missing = all.filter(({ presence }) => presence?.state === 'missing');
    if (missing.length > 0) {
      const origins = missing.flatMap(({ presence }) => (presence === undefined ? [] : [presence.origin]));
      return known(
        missing.map(({ piece }) => piece.module ?? piece.option),
        ...origins,
      );
    }
    const open = found.filter(({ presence }) => presence === undefined);
    if (open.length > 0) {
      const photon = photonShaping(read, direction === 'ingress' ? 'ingress' : 'egress');
      if (photon !== undefined) return photon;
      return unknown(
        ...open.map(({ piece: { module = '' } }) => ({
          fact: `kernel module ${module}`,
          command: `modprobe --dry-run ${module}`,
          where: 'node',
        })),
      );
    }
    return known([], ...found.flatMap(({ presence }) => (presence === undefined ? [] : [presence.origin])));
  },
};

function presenceOf(read: Reader, { module, option }: Piece): Presence | undefined {
  const state = module === undefined ? undefined : read.fact(kernelModule, module);
  if (module !== undefined && state?.state === 'known' && state.value !== 'not-loaded') {
    return {
      state: state.value === 'absent' ? 'missing' : 'there',
      origin: from(kernelModule, module),
    };
  }
  const config = read.fact(kernelConfigOption, option);
  if (config.state === 'unknown') return undefined;
  const origin = from(kernelConfigOption, option);
  return { state: config.value === 'n' ? 'missing' : 'there', origin };
}
