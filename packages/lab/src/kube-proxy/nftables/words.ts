import type { LocalDetector, ProxyOptions } from '../model/options.ts';

/** What a family is called in rules. */
export interface FamilyWords {
  /** `ip`, `ip6` */
  readonly ip: string;
  /** `ipv4_addr`, `ipv6_addr` */
  readonly type: string;
  /** Matches what is not for the loopback address. */
  readonly notLoopback: string;
}

/** The words of a family. */
export function wordsOf({ family }: ProxyOptions): FamilyWords {
  return family === 4
    ? { ip: 'ip', type: 'ipv4_addr', notLoopback: 'ip daddr != 127.0.0.0/8' }
    : { ip: 'ip6', type: 'ipv6_addr', notLoopback: 'ip6 daddr != ::1' };
}

/** Matches traffic of the node's own pods, or all other traffic (pkg/proxy/util/localdetector.go). */
export function matchLocal(ip: string, detector: LocalDetector, isLocal: boolean): string {
  const not = isLocal ? '' : '!= ';
  if ('clusterCIDR' in detector) return `${ip} saddr ${not}${detector.clusterCIDR}`;
  if ('bridge' in detector) return `iifname ${not}"${detector.bridge}"`;
  return `iifname ${not}"${detector.interfacePrefix}*"`;
}
