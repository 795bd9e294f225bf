import type { Finding, MissingFact, Reason } from '../../model/finding.ts';

/** Proof that a node's VXLAN device finishes checksums on a kernel that gets them wrong. */
export function offloadAffected(node: string, kernel: string, calico = '3.18.4'): Finding {
  return {
    issue: 'calico/vxlan-checksum-offload-63s',
    severity: 'critical',
    subject: { kind: 'node', name: node },
    verdict: 'affected',
    basis: 'exposed',
    because: [
      {
        condition: 'calico-node is in <3.20.0',
        result: 'yes',
        fact: 'version.calico-node',
        value: calico,
        evidence: [
          { file: 'cluster/daemonsets.apps.json', pointer: '/items/0/spec/template/spec/containers/0/image' },
        ],
      },
      kernelReason(node, kernel),
      {
        condition: 'tx-checksum-ip-generic of vxlan.calico is on',
        result: 'yes',
        fact: 'offload.feature(vxlan.calico/tx-checksum-ip-generic)',
        value: 'on',
        evidence: [{ file: `nodes/${node}/ethtool-features/vxlan.calico.txt`, line: 3 }],
      },
    ],
    missing: [],
    remedies: [
      {
        kind: 'upgrade',
        component: 'calico',
        to: '>=3.20.0',
        text: 'Upgrade Calico: it turns the offload off by itself.',
        sideEffects: 'calico-node restarts node by node; running connections stay.',
      },
      {
        kind: 'node-command',
        text: 'Turn the offload off until then.',
        command: 'ethtool -K vxlan.calico tx-checksum-ip-generic off',
        files: [
          {
            path: '/etc/systemd/system/vxlan-offload.service',
            content:
              '[Service]\nType=oneshot\nExecStart=/sbin/ethtool -K vxlan.calico tx-checksum-ip-generic off\n',
          },
        ],
        sideEffects: 'The CPU computes checksums of VXLAN traffic: throughput drops by a few per cent.',
        persistence: 'Lost when calico-node makes the device again, unless the unit is installed.',
        needs: 'root on the node',
      },
    ],
  };
}

function kernelReason(node: string, kernel: string): Reason {
  return {
    condition: 'the kernel has the defect: NAT damages zero UDP checksums',
    result: 'yes',
    fact: 'kernel',
    value: `${kernel} (el8: fixed in 4.18.0-348)`,
    evidence: [{ file: `nodes/${node}/uname.txt`, line: 1 }],
  };
}

/** A node that is only suspected: its vendor may have fixed the kernel. */
export function portReuseSuspected(node: string): Finding {
  return {
    issue: 'kube-proxy/ipvs-port-reuse-one-second-delay',
    severity: 'high',
    subject: { kind: 'node', name: node },
    verdict: 'affected',
    basis: 'suspected',
    because: [
      {
        condition: 'kube-proxy.mode is ipvs',
        result: 'yes',
        fact: 'kube-proxy.mode',
        value: 'ipvs',
        evidence: [{ file: `nodes/${node}/kube-proxy-mode.txt`, line: 1 }],
      },
      {
        condition: 'the kernel has the defect: IPVS drops the SYN that reuses a port',
        result: 'yes',
        fact: 'kernel',
        value: '4.19.90-vendor7',
        evidence: [{ file: `nodes/${node}/uname.txt`, line: 1 }],
        uncertain: 'the kernel of this vendor may carry the fix of 5.9',
      },
    ],
    missing: [],
    remedies: [
      {
        kind: 'set-sysctl',
        text: 'Hand reused ports to the old backend.',
        command: 'sysctl -w net.ipv4.vs.conn_reuse_mode=0',
        sideEffects: 'During rolling updates some requests still go to pods that are gone.',
        persistence: 'Lost at reboot unless written to /etc/sysctl.d.',
      },
    ],
  };
}

/** The same issue where somebody set the sysctl that prevents the harm. */
export function portReuseMitigated(node: string): Finding {
  const { basis: _, ...suspected } = portReuseSuspected(node);
  return {
    ...suspected,
    verdict: 'mitigated',
    because: [
      ...suspected.because.slice(0, 1),
      {
        condition: 'sysctl net.ipv4.vs.conn_reuse_mode is 0',
        result: 'yes',
        fact: 'sysctl(net.ipv4.vs.conn_reuse_mode)',
        value: '0',
        evidence: [{ file: `nodes/${node}/sysctl.txt`, line: 812 }],
      },
    ],
    remedies: [],
  };
}

/** A Service whose own object is the proof. */
export function externalAddress(name: string, item: number): Finding {
  return {
    issue: 'kubernetes/external-ip-hijack',
    severity: 'low',
    subject: { kind: 'service', name },
    verdict: 'affected',
    basis: 'observed',
    because: [
      {
        condition: 'spec.externalIPs is not empty',
        result: 'yes',
        fact: 'field(spec.externalIPs)',
        value: '["192.0.2.10"]',
        evidence: [{ file: 'cluster/services.json', pointer: `/items/${item}/spec/externalIPs` }],
      },
    ],
    missing: [],
    remedies: [],
  };
}

/** An issue that lacks facts of one node. */
export function undecided(issue: string, node: string, missing: readonly MissingFact[]): Finding {
  return {
    issue,
    severity: 'medium',
    subject: { kind: 'node', name: node },
    verdict: 'unknown',
    because: [],
    missing: missing.map((one) => (one.where === 'node' ? { ...one, where: `node ${node}` } : one)),
    remedies: [],
  };
}

export const IPSET: MissingFact = { fact: 'IP sets', command: 'ipset save', where: 'node' };
export const PODS: MissingFact = { fact: 'objects of pods', command: 'kubectl get pods -A -o json' };
export const JOURNAL: MissingFact = {
  fact: 'journal of services and kernel',
  command: 'journalctl --no-pager --lines=20000 --since=-24h',
  where: 'node',
};
