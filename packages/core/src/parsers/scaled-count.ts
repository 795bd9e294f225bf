const FACTORS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * A count as `iptables -L -v` and `ipvsadm -L --stats` print it: `12`, or `345K`, `6M` for large ones.
 * Both tools scale by thousands and cut off the rest. Undefined for any other text.
 */
export function scaledCount(text: string | undefined): number | undefined {
  const match = /^(\d{1,20})([KMGT]?)$/.exec(text ?? '');
  return match === null ? undefined : Number(match[1]) * (FACTORS[match[2] ?? ''] ?? 1);
}
