import { expect, it } from 'vitest';
import { SAMPLE_ISSUES } from '../samples/issues.ts';
import { listIssues } from './list-issues.ts';

it('lists the worst first, titles beside the ids where there is room', () => {
  const text = listIssues([...SAMPLE_ISSUES].reverse(), { colour: false, width: 120 });

  expect(
    text,
  ).toBe(`critical  calico/vxlan-checksum-offload-63s            Connections over VXLAN hang for 63 s because the kernel writes
                                                       wrong checksums
high      kube-proxy/ipvs-port-reuse-one-second-delay  Connections to a Service stall for 1 s because IPVS drops the SYN
                                                       that reuses a port
medium    os/ipset-revision-mismatch                   ipset of the host is newer than the one in the container, and the
                                                       container cannot read its sets
low       kubernetes/external-ip-hijack                A Service with externalIPs takes traffic of other hosts

4 known issues. netvet explain ID tells all about one.
`);
});

it('puts titles below the ids where there is little room', () => {
  const text = listIssues(SAMPLE_ISSUES.slice(1, 2), { colour: false, width: 60 });

  expect(text).toBe(`high      kube-proxy/ipvs-port-reuse-one-second-delay
          Connections to a Service stall for 1 s because
          IPVS drops the SYN that reuses a port

1 known issue. netvet explain ID tells all about one.
`);
});

it('says so when nothing fits', () => {
  expect(listIssues([], { colour: false, width: 80 })).toContain('No known issue fits.');
});
