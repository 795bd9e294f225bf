import { parseCniBin } from '../parsers/cni-bin/index.ts';
import { parseCniConf } from '../parsers/cni-conf/index.ts';
import { parseKubeletConfig } from '../parsers/kubelet-config/index.ts';
import { parseFlags } from '../parsers/kubelet-flags/index.ts';
import { parseNetworkctl, parseNetworkdFile, parseNmcliDevice } from '../parsers/networkd/index.ts';
import { parseProxyMode } from '../parsers/proxy-mode/index.ts';
import { parseContainerdConfig, parseCrioConfig } from '../parsers/runtime-config/index.ts';
import { type AnyProbe, defineProbe } from './probe.ts';

export const networkdFileProbe = defineProbe({
  id: 'systemd-networkd',
  title: 'systemd-networkd configuration',
  file: 'systemd-networkd/*',
  parse: parseNetworkdFile,
  source: {
    kind: 'file',
    // Other files, such as *.network.example, are not read by systemd.
    paths: [
      ...[
        '/etc/systemd/network/*.network',
        '/run/systemd/network/*.network',
        '/usr/lib/systemd/network/*.network',
        '/lib/systemd/network/*.network',
      ],
      ...[
        '/etc/systemd/network/*.netdev',
        '/run/systemd/network/*.netdev',
        '/usr/lib/systemd/network/*.netdev',
        '/lib/systemd/network/*.netdev',
      ],
      ...[
        '/etc/systemd/network/*.link',
        '/run/systemd/network/*.link',
        '/usr/lib/systemd/network/*.link',
        '/lib/systemd/network/*.link',
      ],
      '/etc/systemd/networkd.conf',
      '/etc/systemd/networkd.conf.d/*.conf',
      '/run/systemd/networkd.conf.d/*.conf',
      '/usr/lib/systemd/networkd.conf.d/*.conf',
    ],
  },
  each: 'file',
  needs: 'nobody',
  perNamespace: false,
  sensitive: 'configuration',
});

export const networkManagerFileProbe = defineProbe({
  id: 'networkmanager',
  title: 'NetworkManager configuration',
  file: 'networkmanager/*',
  parse: parseNetworkdFile,
  source: {
    kind: 'file',
    paths: [
      '/etc/NetworkManager/NetworkManager.conf',
      '/etc/NetworkManager/conf.d/*.conf',
      '/run/NetworkManager/conf.d/*.conf',
      '/usr/lib/NetworkManager/conf.d/*.conf',
    ],
  },
  each: 'file',
  needs: 'nobody',
  perNamespace: false,
  sensitive: 'configuration',
});

export const networkctlProbe = defineProbe({
  id: 'networkctl',
  title: 'links of systemd-networkd',
  file: 'networkctl.txt',
  parse: parseNetworkctl,
  source: { kind: 'command', commands: [['networkctl', '--no-pager', 'list']] },
  needs: 'nobody',
  perNamespace: false,
});

export const nmcliDeviceProbe = defineProbe({
  id: 'nmcli-device',
  title: 'devices of NetworkManager',
  file: 'nmcli-device.txt',
  parse: parseNmcliDevice,
  source: { kind: 'command', commands: [['nmcli', '-t', '-f', 'DEVICE,STATE', 'device']] },
  needs: 'nobody',
  perNamespace: false,
});

export const cniConfProbe = defineProbe({
  id: 'cni-conf',
  title: 'CNI configuration',
  file: 'cni-conf/*',
  parse: parseCniConf,
  source: {
    kind: 'file',
    // The kubeconfig files beside them are no CNI configuration; copies such as .conflist.cilium_bak tell of a removed plugin.
    paths: [
      '/etc/cni/net.d/*.conf*',
      '/etc/cni/net.d/*.json',
      '/var/lib/rancher/k3s/agent/etc/cni/net.d/*.conf*',
      '/var/lib/rancher/k3s/agent/etc/cni/net.d/*.json',
    ],
  },
  each: 'file',
  needs: 'nobody',
  perNamespace: false,
  sensitive: 'configuration',
});

export const cniBinProbe = defineProbe({
  id: 'cni-bin',
  title: 'CNI binaries',
  file: 'cni-bin.txt',
  parse: parseCniBin,
  source: {
    kind: 'special',
    method: 'cni-bin',
    command: 'ls -l /opt/cni/bin, after the line "/opt/cni/bin:"',
  },
  needs: 'nobody',
  perNamespace: false,
});

export const containerdConfigProbe = defineProbe({
  id: 'containerd-config',
  title: 'containerd configuration',
  file: 'containerd-config.toml',
  parse: parseContainerdConfig,
  source: {
    kind: 'file',
    paths: [
      '/etc/containerd/config.toml',
      '/var/lib/rancher/k3s/agent/etc/containerd/config.toml',
      '/var/lib/rancher/rke2/agent/etc/containerd/config.toml',
    ],
    namedBy: { program: 'containerd', flags: ['--config', '-c'] },
  },
  needs: 'root',
  perNamespace: false,
  sensitive: 'configuration',
});

export const crioConfigProbe = defineProbe({
  id: 'crio-config',
  title: 'CRI-O configuration',
  file: 'crio-config.toml',
  parse: parseCrioConfig,
  source: { kind: 'command', commands: [['crio', 'config']] },
  needs: 'root',
  perNamespace: false,
  sensitive: 'configuration',
});

export const kubeletFlagsProbe = defineProbe({
  id: 'kubelet-flags',
  title: 'kubelet flags',
  file: 'kubelet-flags.txt',
  parse: parseFlags,
  source: {
    kind: 'special',
    method: 'kubelet-flags',
    command: 'tr "\\0" "\\n" < /proc/$(pidof kubelet)/cmdline',
  },
  needs: 'nobody',
  perNamespace: false,
  sensitive: 'arguments',
});

export const kubeletConfigProbe = defineProbe({
  id: 'kubelet-config',
  title: 'kubelet configuration',
  file: 'kubelet-config.yaml',
  parse: parseKubeletConfig,
  source: {
    kind: 'file',
    paths: [
      '/var/lib/kubelet/config.yaml',
      '/etc/kubernetes/kubelet-config.yaml',
      '/etc/kubernetes/kubelet/kubelet-config.json',
      '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf',
      '/var/lib/rancher/rke2/agent/etc/kubelet.conf.d/00-rke2-defaults.conf',
    ],
    namedBy: { program: 'kubelet', flags: ['--config'] },
  },
  needs: 'root',
  perNamespace: false,
  sensitive: 'configuration',
});

export const proxyModeProbe = defineProbe({
  id: 'kube-proxy-mode',
  title: 'kube-proxy mode',
  file: 'kube-proxy-mode.txt',
  parse: parseProxyMode,
  source: { kind: 'special', method: 'kube-proxy-mode', command: 'curl -s 127.0.0.1:10249/proxyMode' },
  needs: 'nobody',
  perNamespace: false,
});

/** Configuration of network managers, container runtimes, CNI, kubelet and kube-proxy. */
export const CONFIGURATION_PROBES: readonly AnyProbe[] = [
  networkdFileProbe,
  networkManagerFileProbe,
  networkctlProbe,
  nmcliDeviceProbe,
  cniConfProbe,
  cniBinProbe,
  containerdConfigProbe,
  crioConfigProbe,
  kubeletFlagsProbe,
  kubeletConfigProbe,
  proxyModeProbe,
];
