import { networkManagerFileProbe, nmcliDeviceProbe } from '../../../probes/configuration.ts';
import { unitsProbe } from '../../../probes/system.ts';
import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';

const CALICO_DEVICES =
  /^(?:cali[0-9a-f]{11}|tunl0|vxlan\.calico|vxlan-v6\.calico|wireguard\.cali|wg-v6\.cali)$/;

/** Devices of Calico that NetworkManager manages, as `nmcli device` shows them. */
export const managedDevices: FactDefinition<readonly string[]> = {
  id: 'calico.managed-devices',
  title: 'devices of Calico that NetworkManager manages',
  level: 'node',
  format: (devices) => devices.join(', ') || 'none',
  compute(read) {
    const probe = read.probe(nmcliDeviceProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const own = [...probe.value].filter(([name]) => CALICO_DEVICES.test(name));
    const managed = own.filter(([, { state }]) => !state.startsWith('unmanaged'));
    if (managed.length === 0 && (!probe.complete || own.length === 0)) return unknown(DEVICES);
    const shown = managed.length > 0 ? managed : own;
    return known(
      managed.map(([name, { state }]) => `${name} (${state})`),
      ...shown.slice(0, 5).map(([, entry]) => at(probe.file, entry)),
    );
  },
};

const DEVICES = {
  fact: 'devices of NetworkManager',
  command: 'nmcli -t -f DEVICE,STATE device',
  where: 'node',
};

/** Whether NetworkManager runs on the node. */
export const networkManagerActive: FactDefinition<boolean> = {
  id: 'calico.network-manager-active',
  title: 'NetworkManager runs',
  level: 'node',
  compute(read) {
    const units = read.probe(unitsProbe);
    const devices = read.probe(nmcliDeviceProbe);
    const unit = units.state === 'read' ? units.value.get('NetworkManager.service') : undefined;
    if (units.state === 'read' && unit !== undefined)
      return known(unit.active === 'active', at(units.file, unit));
    if (devices.state === 'read' && devices.value.size > 0) return known(true, at(devices.file, {}));
    if (units.state === 'read' && units.complete && units.value.size > 0)
      return known(false, at(units.file, {}));
    return unknown({
      fact: 'state of NetworkManager',
      command: 'systemctl is-active NetworkManager',
      where: 'node',
    });
  },
};

/** Whether the configuration of NetworkManager leaves Calico's devices alone, as Calico asks for. */
export const calicoDevicesExcluded: FactDefinition<boolean> = {
  id: 'calico.devices-excluded',
  title: "NetworkManager leaves Calico's devices alone",
  level: 'node',
  compute(read) {
    const seen = read.fact(managedDevices);
    // What NetworkManager does with the devices that are there outranks its configuration.
    if (seen.state === 'known') return known(seen.value.length === 0, ...seen.origins);
    return configured(read);
  },
};

/** Devices by which the exclusion is tested: each must fit one of the patterns. */
const SAMPLES = ['cali0a1b2c3d4e5', 'tunl0', 'vxlan.calico'];

function configured(read: Reader): Fact<boolean> {
  const members = read.members(networkManagerFileProbe);
  if (members.length === 0) {
    return unknown({
      fact: 'configuration of NetworkManager',
      command: 'cat /etc/NetworkManager/NetworkManager.conf /etc/NetworkManager/conf.d/*',
      where: 'node',
    });
  }
  const origins: Origin[] = [];
  const patterns: string[] = [];
  for (const member of members) {
    const probe = read.probe(networkManagerFileProbe, member);
    if (probe.state === 'missing') continue;
    for (const entry of probe.value.flatMap(({ entries }) => entries)) {
      if (!/^unmanaged-devices\+?$/.test(entry.key)) continue;
      origins.push(at(probe.file, entry));
      patterns.push(...entry.value.split(/[;,]/).map((word) => word.trim()));
    }
  }
  const fits = (device: string) => patterns.some((pattern) => fitsPattern(device, pattern));
  return known(SAMPLES.every(fits), ...(origins.length > 0 ? origins : [at('networkmanager/', {})]));
}

function fitsPattern(device: string, pattern: string): boolean {
  const name = pattern.replace(/^interface-name:=?/, '');
  if (pattern === '*' || name === pattern) return pattern === '*' || pattern === device;
  const source = name
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(device);
}
