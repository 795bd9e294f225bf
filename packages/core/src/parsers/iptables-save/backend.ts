import { isBefore18 } from '../iptables-version/index.ts';

/**
 * The back end a heading tells. The nf_tables variant adds its suffix from 1.8.8 on; 1.8.0 to 1.8.7 print the same
 * heading for both, unless the program was called by its own name.
 */
export function backendOf(
  program: string,
  version: string,
  hasSuffix: boolean,
): 'legacy' | 'nft' | undefined {
  if (hasSuffix || program.includes('nft') || program.startsWith('xtables')) return 'nft';
  if (program.includes('legacy') || isBefore18(version)) return 'legacy';
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const isFrom188 = major > 1 || (major === 1 && (minor > 8 || (minor === 8 && patch >= 8)));
  return isFrom188 ? 'legacy' : undefined;
}
