import type { Issue } from '../../model/issue.ts';

const offload: Issue = {
  id: 'calico/vxlan-checksum-offload-63s',
  title: 'Connections over VXLAN hang for 63 s because the kernel writes wrong checksums',
  severity: 'critical',
  summary:
    'Packets from a node to a Service or host-network pod on another node leave with a wrong outer checksum and are dropped. ' +
    'The client sees a connect that takes 63 s or fails.',
  mechanism:
    'NAT changes a packet whose checksum the device is asked to finish. On some kernels the offload finishes the checksum ' +
    'of the inner packet as well, and gets it wrong.',
  symptoms: [
    { kind: 'latency', text: 'A connect to a ClusterIP takes 63 s.', seconds: [63] },
    { kind: 'log', text: 'The kernel complains.', pattern: 'bad cksum', where: 'kernel' },
  ],
  scope: { subject: 'node' },
  applies: {
    all: [
      { version: { of: 'calico-node', in: '<3.20.0' } },
      { any: [{ 'kernel-defect': { defect: 'NAT damages zero UDP checksums', mainline: '5.7' } }] },
      { offload: { device: 'vxlan.calico', feature: 'tx-checksum-ip-generic', is: 'on' } },
    ],
  },
  remedies: [
    {
      kind: 'upgrade',
      component: 'calico',
      to: '>=3.20.0',
      text: 'Upgrade Calico: it turns the offload off by itself.',
    },
    {
      kind: 'node-command',
      text: 'Turn the offload off until then.',
      command: 'ethtool -K vxlan.calico tx-checksum-ip-generic off',
    },
  ],
  verify: [
    'ethtool -k vxlan.calico shows tx-checksum-ip-generic: off.',
    'A curl to the ClusterIP answers at once.',
  ],
  references: ['https://github.com/projectcalico/calico/issues/3145'],
  confidence: [{ border: 'kernel 5.7', level: 'verified' }],
};

const portReuse: Issue = {
  id: 'kube-proxy/ipvs-port-reuse-one-second-delay',
  title: 'Connections to a Service stall for 1 s because IPVS drops the SYN that reuses a port',
  severity: 'high',
  summary: 'IPVS drops the first packet of a connection whose source port was used a moment ago.',
  mechanism: 'The packet still belongs to the conntrack entry of the earlier connection.',
  symptoms: [{ kind: 'latency', text: 'Connects take about 1 s.', seconds: [1, 3, 7] }],
  scope: { subject: 'node' },
  applies: { all: [{ fact: { id: 'kube-proxy.mode', is: 'ipvs' } }] },
  remedies: [
    {
      kind: 'set-sysctl',
      text: 'Hand reused ports to the old backend.',
      command: 'sysctl -w net.ipv4.vs.conn_reuse_mode=0',
    },
  ],
  verify: ['A loop of curl with a fixed source port answers in milliseconds every time.'],
  references: ['https://github.com/kubernetes/kubernetes/issues/93297'],
  confidence: [{ border: 'kernel 5.9', level: 'verified' }],
};

const ipsetRevision: Issue = {
  id: 'os/ipset-revision-mismatch',
  aliases: ['calico/ipset-kernel-userspace-incompatible'],
  title: 'ipset of the host is newer than the one in the container, and the container cannot read its sets',
  severity: 'medium',
  summary: 'Policy programs fail to start after the host created sets of a newer revision.',
  mechanism: 'Sets carry the revision of the program that made them.',
  symptoms: [
    { kind: 'log', text: 'Kernel and userspace incompatible.', pattern: 'Kernel and userspace incompatible' },
  ],
  scope: { subject: 'node' },
  remedies: [],
  verify: [],
  references: [],
  confidence: [],
};

const masquerade: Issue = {
  id: 'kubernetes/external-ip-hijack',
  title: 'A Service with externalIPs takes traffic of other hosts',
  severity: 'low',
  summary: 'Any user who may create Services can take over an address.',
  mechanism: 'kube-proxy programs external addresses without asking whose they are.',
  symptoms: [],
  scope: { subject: 'service' },
  remedies: [],
  verify: [],
  references: ['https://github.com/kubernetes/kubernetes/issues/97076'],
  confidence: [],
};

/** Entries that the samples speak of. */
export const SAMPLE_ISSUES: readonly Issue[] = [offload, portReuse, ipsetRevision, masquerade];
