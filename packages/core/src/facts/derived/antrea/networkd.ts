import { networkctlProbe } from '../../../probes/configuration.ts';
import { ipAddrProbe, ipLinkProbe } from '../../../probes/network.ts';
import { type Fact, type FactDefinition, from, known, knownUncertain, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { type SelectedFile, selectedFile } from '../host/networkd/files.ts';
import { linkState, networkdActive } from '../host/networkd/live.ts';
import type { MatchedLink } from '../host/networkd/match.ts';
import { operatingSystem } from '../operating-system/index.ts';
import { gateway, linkNamed } from './gateway.ts';

/** Tunnel devices that Open vSwitch makes, with their kind; `gre_sys` has no number. */
const TUNNEL = /^(?:(genev)_sys_\d+|(vxlan)_sys_\d+|(gre)_sys|(stt)_sys_\d+)$/;

/** The `.network` file that is first to select the gateway interface. */
export const gatewayFile: FactDefinition<SelectedFile> = {
  id: 'antrea.gateway-network-file',
  title: 'networkd file of the gateway interface',
  level: 'node',
  key: (selected) => JSON.stringify(selected),
  format: ({ file, unmanaged, keeps }) =>
    `${file ?? 'none'}${unmanaged ? ' (Unmanaged=yes)' : ''}${keeps ? ' (KeepConfiguration=)' : ''}`,
  compute: (read) => selectedFile(read, gatewayLink(read)),
};

function gatewayLink(read: Reader): MatchedLink {
  const name = read.fact(gateway);
  const found = name.state === 'known' ? linkNamed(read, name.value)?.link : undefined;
  const altNames = found?.altNames ?? [];
  return {
    names: name.state === 'known' ? [name.value, ...altNames] : undefined,
    // An internal port of Open vSwitch: an Ethernet device to networkd.
    driver: 'openvswitch',
    type: 'ether',
    mac: found?.mac,
  };
}

/** How networkd comes to the gateway interface. */
export type NetworkdHold = 'managed' | 'kept-off' | 'none';

/**
 * Whether networkd manages the gateway interface (`managed`), would but for a file with `Unmanaged=yes` or one that keeps what it finds (`kept-off`), or
 * does not (`none`). What networkd says itself counts before its files, but a file that keeps it off takes effect with
 * the very restart that would do harm.
 */
export const gatewayHold: FactDefinition<NetworkdHold> = {
  id: 'antrea.networkd-hold',
  title: 'systemd-networkd and the gateway interface',
  level: 'node',
  fromText: (text) => (text === 'managed' || text === 'kept-off' || text === 'none' ? text : undefined),
  compute(read) {
    const active = read.fact(networkdActive);
    if (active.state === 'known' && !active.value) return known('none', from(networkdActive));
    const file = read.fact(gatewayFile);
    if (file.state === 'known' && (file.value.unmanaged || file.value.keeps))
      return known('kept-off', from(gatewayFile));
    return liveHold(read) ?? fileHold(read, file);
  },
};

function liveHold(read: Reader): Fact<NetworkdHold> | undefined {
  const name = read.fact(gateway);
  const live = name.state === 'known' ? linkState(read, name.value) : undefined;
  if (live === undefined || live.state === 'other') return undefined;
  return known(live.state === 'managed' ? 'managed' : 'none', at(live.file, live));
}

/** Distributions whose network is run by networkd. */
const BY_NETWORKD = new Set(['coreos', 'flatcar', 'photon', 'ubuntu', 'bottlerocket']);

function fileHold(read: Reader, file: Fact<SelectedFile>): Fact<NetworkdHold> {
  if (file.state === 'unknown') return file;
  if (file.value.file === null) return known('none', from(gatewayFile));
  const doubt = file.uncertain ?? runningDoubt(read);
  return doubt === undefined
    ? known('managed', from(gatewayFile))
    : knownUncertain('managed', doubt, from(gatewayFile));
}

function runningDoubt(read: Reader): string | undefined {
  const active = read.fact(networkdActive);
  const os = read.fact(operatingSystem);
  const runs = active.state === 'known' || (os.state === 'known' && BY_NETWORKD.has(os.value.id));
  return runs ? undefined : 'nobody looked whether systemd-networkd runs';
}

/**
 * Beginning of a file name in /etc/systemd/network that sorts before the file which selects the gateway interface now.
 */
export const filePrefix: FactDefinition<string> = {
  id: 'antrea.networkd-prefix',
  title: 'file name prefix',
  level: 'node',
  compute(read) {
    const file = read.fact(gatewayFile);
    const taken = file.state === 'known' ? file.value.file : null;
    return known(taken !== null && taken < '05-antrea' ? '00-0' : '05', from(gatewayFile));
  },
};

/** Antrea's links that a stock file of Flatcar selects, each with that file. */
export const stockMatches: FactDefinition<readonly string[]> = {
  id: 'antrea.flatcar-stock-matches',
  title: 'links of Antrea that a stock file of Flatcar selects',
  level: 'node',
  format: (links) => links.join('; ') || 'none',
  compute(read) {
    const own = read.fact(gatewayFile);
    const links = tunnels(read).map(({ name, kind }) => ({
      name,
      selected: selectedFile(read, { names: [name], driver: kind, type: kind, mac: undefined }),
    }));
    const name = read.fact(gateway);
    const all = [
      { name: name.state === 'known' ? name.value : 'the gateway interface', selected: own },
      ...links.filter(({ name: link }) => linkState(read, link)?.state !== 'unmanaged'),
    ];
    const stock = all.flatMap(({ name: link, selected }) =>
      selected.state === 'known' && isStock(selected.value) ? [{ link, selected }] : [],
    );
    if (stock.length > 0) {
      return known(
        stock.map(({ link, selected }) => `${link} by ${selected.value.file}`),
        ...stock.flatMap(({ selected }) => selected.origins),
      );
    }
    const open = all.find(({ selected }) => selected.state === 'unknown');
    if (open?.selected.state === 'unknown') return unknown(...open.selected.missing);
    return known([], ...all.flatMap(({ selected }) => (selected.state === 'known' ? selected.origins : [])));
  },
};

function isStock({ file, unmanaged }: SelectedFile): boolean {
  return !unmanaged && (file === 'zz-default.network' || file === 'yy-vmware.network');
}

function tunnels(read: Reader): readonly { readonly name: string; readonly kind: string }[] {
  const names = new Set<string>();
  for (const probe of [read.probe(ipLinkProbe), read.probe(ipAddrProbe), read.probe(networkctlProbe)]) {
    for (const { name } of probe.state === 'read' ? probe.value : []) names.add(name);
  }
  return [...names].sort().flatMap((name) => {
    const kind = TUNNEL.exec(name)
      ?.slice(1)
      .find((part) => part !== undefined);
    return kind === undefined ? [] : [{ name, kind: KINDS[kind] ?? kind }];
  });
}

const KINDS: Readonly<Record<string, string>> = { genev: 'geneve', gre: 'gretap' };
