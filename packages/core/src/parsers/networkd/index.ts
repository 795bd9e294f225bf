export { type IniEntry, type IniSection, parseNetworkdFile } from './ini.ts';
export { type NetworkctlLink, parseNetworkctl } from './networkctl.ts';
export { parseNmcliDevice } from './nmcli.ts';
