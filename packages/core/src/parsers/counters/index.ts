export type { Counter, Counters } from './counter.ts';
export { type InterfaceCounters, parseNetDev } from './net-dev.ts';
export { type NetstatCounter, parseNetstat } from './netstat.ts';
export { parseNstat } from './nstat.ts';
export { parseProcNetSnmp } from './snmp.ts';
