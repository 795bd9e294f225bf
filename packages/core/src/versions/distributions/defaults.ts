import { distributionOf, type OsIdentity } from './identity.ts';

/** What a distribution release brings when nobody changed it. A default is a hint and never proof of what a node runs. */
export interface DistributionDefaults {
  /** Upstream bases of its kernels: the default first, then later ones of the same release. */
  readonly kernels?: readonly string[];
  readonly iptables?: DefaultIptables;
}

export interface DefaultIptables {
  /** What the command `iptables` is; `before-split` for releases older than 1.8, which know one back end only. */
  readonly backend: 'legacy' | 'nft' | 'before-split';
  /** Versions shipped over the life of the release, oldest first. */
  readonly versions: readonly string[];
  /** `verified`: read in the source. `general`: widely known, the source says where to look. */
  readonly confidence: 'verified' | 'general';
  readonly source: string;
}

const CALICO_EL8 = 'https://github.com/projectcalico/calico/issues/3709';
const PHOTON = 'https://github.com/vmware/photon';
const UBUNTU = 'https://launchpad.net/ubuntu/+source/iptables';
const DEBIAN = 'https://tracker.debian.org/pkg/iptables';
const EL = 'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux';
const LEGACY_MODULES_GONE = 'https://github.com/kubernetes/kops/issues/17789';

function iptables(
  backend: DefaultIptables['backend'],
  versions: readonly string[],
  confidence: DefaultIptables['confidence'],
  source: string,
): DefaultIptables {
  return { backend, versions, confidence, source };
}

const EL7: DistributionDefaults = {
  kernels: ['3.10.0'],
  iptables: iptables('before-split', ['1.4.21'], 'verified', 'https://git.centos.org/rpms/iptables'),
};
const EL8: DistributionDefaults = {
  kernels: ['4.18.0'],
  // 1.8.2 in 8.0 and 8.1, 1.8.4 from 8.2 on, 1.8.5 late.
  iptables: iptables('nft', ['1.8.2', '1.8.4', '1.8.5'], 'verified', CALICO_EL8),
};
const EL9: DistributionDefaults = {
  kernels: ['5.14.0'],
  iptables: iptables('nft', ['1.8.7', '1.8.8', '1.8.10'], 'general', EL),
};
const EL10: DistributionDefaults = {
  kernels: ['6.12.0'],
  iptables: iptables('nft', ['1.8.11'], 'general', LEGACY_MODULES_GONE),
};
const EL_RELEASES = { 7: EL7, 8: EL8, 9: EL9, 10: EL10 };

/** By distribution id and release, as `distributionOf` names them; the empty release is a rolling one. */
const TABLE: Readonly<Record<string, Readonly<Record<string, DistributionDefaults>>>> = {
  rhel: EL_RELEASES,
  centos: EL_RELEASES,
  'centos-stream': EL_RELEASES,
  rocky: EL_RELEASES,
  almalinux: EL_RELEASES,
  ol: {
    7: { ...EL7, kernels: ['4.14.35', '5.4.17', '3.10.0'] },
    8: { ...EL8, kernels: ['5.4.17', '5.15.0', '4.18.0'] },
    9: { ...EL9, kernels: ['5.15.0', '5.14.0'] },
  },
  ubuntu: {
    '18.04': {
      kernels: ['4.15.0', '5.4.0'],
      iptables: iptables('before-split', ['1.6.1'], 'general', UBUNTU),
    },
    '20.04': {
      kernels: ['5.4.0', '5.8.0', '5.15.0'],
      iptables: iptables('legacy', ['1.8.4'], 'general', UBUNTU),
    },
    '22.04': { kernels: ['5.15.0', '6.8.0'], iptables: iptables('nft', ['1.8.7'], 'general', UBUNTU) },
    '24.04': { kernels: ['6.8.0'], iptables: iptables('nft', ['1.8.10'], 'general', UBUNTU) },
  },
  debian: {
    9: { kernels: ['4.9'], iptables: iptables('before-split', ['1.6.0'], 'general', DEBIAN) },
    10: { kernels: ['4.19'], iptables: iptables('nft', ['1.8.2'], 'general', DEBIAN) },
    11: { kernels: ['5.10'], iptables: iptables('nft', ['1.8.7'], 'general', DEBIAN) },
    12: { kernels: ['6.1'], iptables: iptables('nft', ['1.8.9'], 'general', DEBIAN) },
    13: { kernels: ['6.12'], iptables: iptables('nft', ['1.8.11'], 'general', DEBIAN) },
  },
  // The default front end of SLES 15 is not established.
  sles: {
    '15.3': { kernels: ['5.3.18'] },
    '15.4': { kernels: ['5.14.21'] },
    '15.5': { kernels: ['5.14.21'] },
    '15.6': { kernels: ['6.4.0'] },
    '15.7': { kernels: ['6.4.0'] },
    '16.0': { kernels: ['6.12.0'] },
  },
  'opensuse-leap': { '15.5': { kernels: ['5.14.21'] }, '15.6': { kernels: ['6.4.0'] } },
  amzn: {
    2: {
      kernels: ['4.14', '5.4', '5.10'],
      iptables: iptables(
        'legacy',
        ['1.8.4'],
        'general',
        'https://docs.aws.amazon.com/AL2/latest/release-notes/',
      ),
    },
    // On EKS images; the version differs between them.
    2023: {
      kernels: ['6.1', '6.12', '6.18'],
      iptables: iptables('nft', [], 'verified', 'https://github.com/awslabs/amazon-eks-ami'),
    },
  },
  photon: {
    '1.0': { kernels: ['4.4'], iptables: iptables('before-split', ['1.6.0'], 'verified', PHOTON) },
    '2.0': { kernels: ['4.9'], iptables: iptables('before-split', ['1.6.1'], 'verified', PHOTON) },
    '3.0': { kernels: ['4.19'], iptables: iptables('legacy', ['1.8.3'], 'verified', PHOTON) },
    '4.0': { kernels: ['5.10'], iptables: iptables('legacy', ['1.8.9'], 'verified', PHOTON) },
    '5.0': { kernels: ['6.1'], iptables: iptables('nft', ['1.8.9'], 'verified', PHOTON) },
  },
  openeuler: {
    '20.03': { kernels: ['4.19.90'] },
    '22.03': { kernels: ['5.10.0'] },
    '24.03': { kernels: ['6.6.0'] },
  },
  anolis: {
    '8.6': { kernels: ['4.19.91'] },
    '8.8': { kernels: ['5.10.134'] },
    '23.1': { kernels: ['6.6.25'] },
  },
};

/** First Flatcar release of the new default. https://www.flatcar.org/releases#release-3033.2.0 */
const FLATCAR_NFT = 3033;

/** What the distribution ships by default; `undefined` if nothing is recorded for this release. */
export function distributionDefaults(os: OsIdentity): DistributionDefaults | undefined {
  const { id, release } = distributionOf(os);
  if (id === 'flatcar') return flatcarDefaults(os.versionId);
  const releases = Object.hasOwn(TABLE, id) ? TABLE[id] : undefined;
  return release === undefined ? undefined : releases?.[release];
}

function flatcarDefaults(versionId: string | undefined): DistributionDefaults | undefined {
  const build = Number(/^\d+/.exec(versionId ?? '')?.[0]);
  if (Number.isNaN(build)) return undefined;
  const backend = build >= FLATCAR_NFT ? 'nft' : 'legacy';
  return { iptables: iptables(backend, [], 'verified', 'https://www.flatcar.org/releases') };
}
