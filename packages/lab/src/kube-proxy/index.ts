export { iptablesRules } from './iptables/index.ts';
export { type IpvsRules, ipvsRules } from './ipvs/index.ts';
export type { LocalDetector, ProxyOptions } from './model/options.ts';
export type { EndpointSpec, ServicePortSpec, ServiceSpec, TrafficPolicy } from './model/service.ts';
export { nftablesRules } from './nftables/index.ts';
