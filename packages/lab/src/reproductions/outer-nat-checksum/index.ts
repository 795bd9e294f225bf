import type { Reproduction } from '../reproduction.ts';
import type { TestBed } from '../test-bed.ts';

const NODES = {
  left: {
    own: '192.168.7.1',
    far: '192.168.7.2',
    vtep: '10.9.1.0',
    farVtep: '10.9.2.0',
    mac: '66:00:00:00:00:01',
    farMac: '66:00:00:00:00:02',
  },
  right: {
    own: '192.168.7.2',
    far: '192.168.7.1',
    vtep: '10.9.2.0',
    farVtep: '10.9.1.0',
    mac: '66:00:00:00:00:02',
    farMac: '66:00:00:00:00:01',
  },
} as const;
const PORT = 8080;
/** A SYN that is sent again tells that the first one was lost. */
const DELAY_SECONDS = 0.9;

/**
 * Masquerading the outer packet of a VXLAN tunnel with a random port leaves it with a wrong checksum where the checksum of the packet
 * inside is left to the hardware (net/netfilter/nf_nat_proto.c, mended for devices without outer checksums by commit ea64d8d6c675).
 */
export const outerNatChecksum: Reproduction = {
  name: 'outer-nat-checksum',
  issues: ['calico/vxlan-checksum-offload-63s', 'kube-proxy/vxlan-double-nat-checksum-63s'],
  method:
    'masquerades the outer packets of a VXLAN tunnel with a random port; they are dropped for their checksum, and a TCP connect over the tunnel hangs',
  async run(bed) {
    await bed.add('left', 'right');
    await bed.join('left', 'eth0', 'right', 'eth0');
    await buildNode(bed, 'left');
    await buildNode(bed, 'right');
    await bed.serve('right', PORT);
    const plain = await bed.connect('left', NODES.right.vtep, PORT);
    if (plain.seconds === undefined)
      return { result: 'not-possible', measured: 'the tunnel does not work without masquerading either' };
    await bed.run(
      'left',
      'iptables-nft -t nat -A POSTROUTING -p udp --dport 4789 -j MASQUERADE --random-fully',
    );
    const before = await checksumErrors(bed);
    const { seconds } = await bed.connect('left', NODES.right.vtep, PORT);
    const errors = (await checksumErrors(bed)) - before;
    const time = seconds === undefined ? 'does not come about' : `takes ${seconds.toFixed(2)} s`;
    const measured = `the connect ${time}, with ${errors} UDP checksum errors at the receiver`;
    if (errors === 0 && (seconds ?? DELAY_SECONDS) < DELAY_SECONDS) return { result: 'absent', measured };
    await bed.run('left', 'ethtool -K vxlan.calico tx-checksum-ip-generic off >/dev/null');
    const control = await bed.connect('left', NODES.right.vtep, PORT);
    if (control.seconds === undefined || control.seconds >= DELAY_SECONDS) {
      return {
        result: 'not-possible',
        measured: `${measured}; the same without the offload, so it has another cause`,
      };
    }
    return {
      result: 'present',
      measured: `${measured}; without the offload it takes ${control.seconds.toFixed(2)} s`,
    };
  },
};

async function buildNode(bed: TestBed, name: 'left' | 'right'): Promise<void> {
  const { own, far, vtep, farVtep, mac, farMac } = NODES[name];
  await bed.run(
    name,
    `ip addr add ${own}/24 dev eth0; ip link set eth0 up
     ip link add vxlan.calico address ${mac} mtu 1450 type vxlan id 4096 dstport 4789 local ${own} dev eth0 nolearning
     ip addr add ${vtep}/32 dev vxlan.calico; ip link set vxlan.calico up
     ip neigh add ${farVtep} lladdr ${farMac} dev vxlan.calico nud permanent
     bridge fdb add ${farMac} dev vxlan.calico dst ${far}
     ip route add ${farVtep}/32 dev vxlan.calico src ${vtep}`,
  );
  // A real network card computes checksums that a pair of virtual interfaces passes on as they are.
  await bed.run(name, 'ethtool -K eth0 tx off >/dev/null');
}

/** `UdpInCsumErrors` of the receiver. */
async function checksumErrors(bed: TestBed): Promise<number> {
  const counters = await bed.run('right', 'cat /proc/net/snmp');
  const [names = [], values = []] = counters
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('InCsumErrors')] ?? 0);
}
