import { type Fact, type FactDefinition, from, known, knownUncertain, unknown } from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import { offloadFeature } from '../offload/index.ts';
import { felixOffload } from './felix-offload.ts';
import { felixSetting } from './felix-setting.ts';

/**
 * State of TX checksum offload on a tunnel device.
 * `off`: Felix of this release switches it off by itself. `kept-off`: this release would leave it on, and a setting, a
 * command or the time before an upgrade has it off.
 */
export type TunnelChecksum = 'on' | 'off' | 'kept-off';

/** Newer kernels print the part for all protocols; the group above it stands for it where a tool leaves parts out. */
const FEATURES = ['tx-checksum-ip-generic', 'tx-checksumming'];

/**
 * TX checksum offload of `vxlan.calico` or `tunl0`: what ethtool shows, else what Felix must have made of it.
 * https://docs.tigera.io/calico/latest/reference/felix/configuration (featureDetectOverride)
 */
export const tunnelChecksum: FactDefinition<TunnelChecksum> = {
  id: 'calico.tunnel-checksum',
  title: 'TX checksum offload of the tunnel device',
  parameter: 'vxlan.calico or tunl0',
  level: 'node',
  compute: (read, device) => seen(read, device) ?? worked(read, device),
};

function seen(read: Reader, device: string): Fact<TunnelChecksum> | undefined {
  for (const feature of FEATURES) {
    const parameter = `${device}/${feature}`;
    const fact = read.fact(offloadFeature, parameter);
    if (fact.state === 'unknown' || fact.value === null) continue;
    const origin = from(offloadFeature, parameter);
    if (fact.value === 'on') return known('on', origin);
    const release = read.fact(felixOffload, device);
    // That it is off clears the node either way, but only the release tells whether somebody has to keep it so.
    if (release.state === 'unknown') return release;
    return known(release.value === 'switched-off' ? 'off' : 'kept-off', origin, from(felixOffload, device));
  }
  return undefined;
}

function worked(read: Reader, device: string): Fact<TunnelChecksum> {
  const release = read.fact(felixOffload, device);
  if (release.state === 'unknown') return unknown(...release.missing, missing(device));
  // Before 3.29 Felix has no code for tunl0, whatever is set.
  const override = device === 'tunl0' ? known(null) : read.fact(checksumOverride);
  if (override.state === 'unknown') return unknown(missing(device), ...override.missing);
  const told = override.value;
  const origin = from(felixOffload, device);
  if (told === true && release.value === 'left-on') return known('kept-off', origin, from(checksumOverride));
  if (release.value === 'switched-off' && told !== false) return known('off', origin);
  if (told === false) {
    return knownUncertain(
      'on',
      `${device} may not have been made anew since Felix was told`,
      from(checksumOverride),
    );
  }
  if (read.hypothetical) return { ...known<TunnelChecksum>('on', origin), ...uncertaintyOf(release) };
  return knownUncertain(
    'on',
    `this release leaves offload of ${device} on, but the device was not looked at`,
    origin,
  );
}

function uncertaintyOf(fact: Fact<unknown>): { readonly uncertain?: string } {
  return fact.state === 'known' && fact.uncertain !== undefined ? { uncertain: fact.uncertain } : {};
}

function missing(device: string) {
  return { fact: `offload features of ${device}`, command: `ethtool -k ${device}`, where: 'node' };
}

/** `ChecksumOffloadBroken` as somebody set it in `featureDetectOverride`; null: nobody did. */
export const checksumOverride: FactDefinition<boolean | null> = {
  id: 'calico.checksum-override',
  title: 'ChecksumOffloadBroken in featureDetectOverride',
  level: 'node',
  format: (value) => (value === null ? 'not set' : String(value)),
  compute(read) {
    const setting = read.fact(felixSetting, 'featureDetectOverride');
    if (setting.state === 'unknown') return setting;
    const origin = from(felixSetting, 'featureDetectOverride');
    const value = overrideIn(setting.value ?? '');
    return setting.uncertain === undefined
      ? known(value, origin)
      : knownUncertain(value, setting.uncertain, origin);
  },
};

/** Felix splits at commas and at the first `=`, and takes every other word than `true` for false. */
function overrideIn(text: string): boolean | null {
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=').map((word) => word.trim());
    if (name.toLowerCase() === 'checksumoffloadbroken') return value.toLowerCase() === 'true';
  }
  return null;
}
