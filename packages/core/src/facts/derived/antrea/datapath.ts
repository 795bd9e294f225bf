import { type FactDefinition, from, known, knownUncertain } from '../../fact.ts';
import { agentSetting } from './setting.ts';

/** Datapath of Open vSwitch: `system` (the kernel module) unless the configuration asks for `netdev`. */
export const datapath: FactDefinition<string> = {
  id: 'antrea.datapath',
  title: 'OVS datapath',
  level: 'cluster',
  fromText: (text) => text,
  compute(read) {
    const setting = read.fact(agentSetting, 'ovsDatapathType');
    if (setting.state === 'known') return known(setting.value, from(agentSetting, 'ovsDatapathType'));
    return knownUncertain('system', 'the default; the configuration of Antrea was not collected');
  },
};
