import type { Namespace } from '../model/namespace.ts';
import { type Buffer, expectSetting, type Walk } from './walk.ts';

/** Whether a namespace sends on what came in by a device and is not for itself. */
export function forwards(walk: Walk, namespace: Namespace, device: string, buffer: Buffer): boolean {
  const { settings } = namespace;
  const isV6 = buffer.packet.destination.family === 6;
  const setting = isV6
    ? settings.number('net.ipv6.conf.all.forwarding')
    : (settings.number(`net.ipv4.conf.${device}.forwarding`) ?? settings.number('net.ipv4.ip_forward'));
  if (setting !== undefined) return setting > 0;
  return expectSetting(walk, settings.file, isV6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward');
}
