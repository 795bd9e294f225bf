import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { sysctlProbe } from '../../../probes/system.ts';

/** The line of a kernel setting; its file where the setting is not in it. */
export function placeOfSetting({ evidence, settings }: Namespace, name: string): Evidence {
  const line = evidence.read(sysctlProbe)?.value.get(name)?.line;
  return { file: settings.file, ...(line === undefined ? {} : { line }) };
}

/** A setting of IPv4 for an interface as commands take it: a dot in the interface's name is written as a slash (sysctl.d(5)). */
export function interfaceKey(device: string, name: string): string {
  return `net.ipv4.conf.${device.replaceAll('.', '/')}.${name}`;
}
