import { type FactDefinition, from, unknown } from '../../fact.ts';
import { sysctl } from '../sysctl/index.ts';
import { gateway } from './gateway.ts';

/** An IPv4 setting of the gateway interface, for example `arp_announce`. */
export const gatewaySysctl: FactDefinition<string | null> = {
  id: 'antrea.gateway-sysctl',
  title: 'setting of the gateway interface',
  parameter: 'name below net.ipv4.conf.<interface>',
  level: 'node',
  compute(read, key) {
    const name = read.fact(gateway);
    if (name.state === 'unknown') return unknown(...name.missing);
    const setting = `net.ipv4.conf.${name.value}.${key}`;
    const fact = read.fact(sysctl, setting);
    return fact.state === 'unknown' ? fact : { ...fact, origins: [from(sysctl, setting)] };
  },
};
