import { parseDmiVendor } from '../parsers/dmi-vendor/index.ts';
import { parseKernelConfig } from '../parsers/kernel-config/index.ts';
import { parseLog } from '../parsers/logs/index.ts';
import { parseLsmod, parseModulesAvailable, parseModulesBuiltin } from '../parsers/modules/index.ts';
import { parseOsRelease } from '../parsers/os-release/index.ts';
import { parseSysctl } from '../parsers/sysctl/index.ts';
import { parseUname } from '../parsers/uname/index.ts';
import { parseUnits } from '../parsers/units/index.ts';
import { type AnyProbe, defineProbe } from './probe.ts';

export const unameProbe = defineProbe({
  id: 'uname',
  title: 'kernel release',
  file: 'uname.txt',
  parse: parseUname,
  source: { kind: 'command', commands: [['uname', '-a']] },
  needs: 'nobody',
  perNamespace: false,
});

export const osReleaseProbe = defineProbe({
  id: 'os-release',
  title: 'operating system',
  file: 'os-release.txt',
  parse: parseOsRelease,
  source: { kind: 'file', paths: ['/etc/os-release', '/usr/lib/os-release'] },
  needs: 'nobody',
  perNamespace: false,
});

export const dmiVendorProbe = defineProbe({
  id: 'dmi-vendor',
  title: 'hardware vendor',
  file: 'dmi-vendor.txt',
  parse: parseDmiVendor,
  source: { kind: 'file', paths: ['/sys/class/dmi/id/sys_vendor'] },
  needs: 'nobody',
  perNamespace: false,
});

export const lsmodProbe = defineProbe({
  id: 'lsmod',
  title: 'loaded kernel modules',
  file: 'lsmod.txt',
  parse: parseLsmod,
  source: { kind: 'command', commands: [['lsmod'], ['cat', '/proc/modules']] },
  needs: 'nobody',
  perNamespace: false,
});

export const modulesBuiltinProbe = defineProbe({
  id: 'modules-builtin',
  title: 'built-in kernel modules',
  file: 'modules-builtin.txt',
  parse: parseModulesBuiltin,
  source: {
    kind: 'file',
    paths: ['/lib/modules/{release}/modules.builtin', '/usr/lib/modules/{release}/modules.builtin'],
  },
  needs: 'nobody',
  perNamespace: false,
});

export const modulesAvailableProbe = defineProbe({
  id: 'modules-available',
  title: 'available kernel modules',
  file: 'modules-available.txt',
  parse: parseModulesAvailable,
  source: {
    kind: 'special',
    method: 'modules-available',
    command: 'modprobe --dry-run --quiet <module>, for each module',
  },
  needs: 'nobody',
  perNamespace: false,
});

export const kernelConfigProbe = defineProbe({
  id: 'kernel-config',
  title: 'kernel configuration',
  file: 'kernel-config.txt',
  parse: parseKernelConfig,
  source: {
    kind: 'file',
    paths: [
      '/boot/config-{release}',
      '/proc/config.gz',
      '/lib/modules/{release}/config',
      '/usr/lib/modules/{release}/config',
    ],
  },
  needs: 'nobody',
  perNamespace: false,
});

export const sysctlProbe = defineProbe({
  id: 'sysctl',
  title: 'kernel settings',
  file: 'sysctl.txt',
  parse: parseSysctl,
  source: {
    kind: 'command',
    commands: [
      ['sysctl', '-a'],
      ['busybox', 'sysctl', '-a'],
    ],
  },
  needs: 'nobody',
  perNamespace: true,
  keepsOutput: true,
  // net.ipv4.tcp_fastopen_key and stable_secret.
  sensitive: 'configuration',
});

export const unitsProbe = defineProbe({
  id: 'units',
  title: 'systemd units',
  file: 'units.txt',
  parse: parseUnits,
  source: {
    kind: 'command',
    commands: [['systemctl', 'list-units', '--all', '--no-legend', '--no-pager', '--plain']],
  },
  needs: 'nobody',
  perNamespace: false,
});

export const journalProbe = defineProbe({
  id: 'journal',
  title: 'journal of services and kernel',
  file: 'journal.txt',
  parse: parseLog,
  source: { kind: 'command', commands: [['journalctl', '--no-pager', '--lines=20000', '--since=-24h']] },
  needs: 'root',
  perNamespace: false,
  sensitive: 'logs',
});

export const dmesgProbe = defineProbe({
  id: 'dmesg',
  title: 'kernel messages',
  file: 'dmesg.txt',
  parse: parseLog,
  source: { kind: 'command', commands: [['dmesg']] },
  needs: 'root',
  perNamespace: false,
  sensitive: 'logs',
});

/** What the host is: kernel, operating system, hardware, units. */
export const SYSTEM_PROBES: readonly AnyProbe[] = [
  unameProbe,
  osReleaseProbe,
  dmiVendorProbe,
  lsmodProbe,
  modulesBuiltinProbe,
  modulesAvailableProbe,
  kernelConfigProbe,
  sysctlProbe,
  unitsProbe,
  journalProbe,
  dmesgProbe,
];
