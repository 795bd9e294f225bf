import { type Part, PORTS } from './plan.ts';
import { anyAddress, type Scene } from './scene.ts';

/** Sets by name, with the directions that ask for them. */
export const SETS = {
  addresses: { type: 'hash:ip', parts: ['host'], directions: 1 },
  networks: { type: 'hash:net', parts: ['net'], directions: 1 },
  'address-ports': { type: 'hash:ip,port', parts: ['host', 'port'], directions: 2 },
  'network-ports': { type: 'hash:net,port', parts: ['net', 'port'], directions: 2 },
  'port-addresses': { type: 'hash:ip,port,ip', parts: ['host', 'port', 'host'], directions: 3 },
  'port-networks': { type: 'hash:ip,port,net', parts: ['host', 'port', 'net'], directions: 3 },
  'network-devices': { type: 'hash:net,iface', parts: ['net', 'device'], directions: 2 },
  ports: { type: 'bitmap:port', parts: ['bare-port'], directions: 1 },
} as const;

/** A list of two of them. */
export const LIST = 'lists';

/** The sets that rules of a namespace may name, in lines of `ipset restore`. */
export function randomIpsets(scene: Scene): readonly Part[] {
  const { random, addresses, at } = scene;
  const lines: string[] = [];
  for (const [name, { type, parts }] of Object.entries(SETS)) {
    const options =
      type === 'bitmap:port' ? 'range 0-65535' : `family ${addresses.family === 4 ? 'inet' : 'inet6'}`;
    lines.push(`create ${name} ${type} ${options}`);
    for (let count = random.below(5); count > 0; count--) {
      const element = parts.map((part) => elementPart(scene, part)).join(',');
      const isException = type.startsWith('hash:net') && random.chance(0.25);
      lines.push(`add ${name} ${element}${isException ? ' nomatch' : ''} -exist`);
    }
  }
  lines.push(`create ${LIST} list:set`, `add ${LIST} addresses`, `add ${LIST} networks`);
  return lines.map((text) => ({ at, tool: 'ipset', table: '', text }));
}

function elementPart(scene: Scene, part: 'host' | 'net' | 'port' | 'bare-port' | 'device'): string {
  const { random, hosts, interfaces } = scene;
  switch (part) {
    case 'host':
      return random.pick(hosts);
    case 'net':
      return anyAddress(scene);
    case 'device':
      return random.pick(interfaces);
    case 'bare-port':
      return random.chance(0.5) ? String(random.pick(PORTS)) : '8000-9000';
    case 'port':
      return random.chance(0.8)
        ? `${random.pick(['udp', 'tcp'])}:${random.pick(PORTS)}`
        : `${random.pick(['udp', 'tcp'])}:8000-9000`;
  }
}
