import { sysctlProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

const ALL = 'net.ipv4.conf.all.rp_filter';
const EGRESS_DEVICE = /^net\.ipv4\.conf\.(antrea-ext[^.]*(?:\.\d+)?|antrea-ext\/\d+)\.rp_filter$/;

/** Egress devices whose effective reverse path filter is strict: the larger of the value for all and their own is 1. */
export const strictEgressDevices: FactDefinition<readonly string[]> = {
  id: 'antrea.strict-egress-devices',
  title: 'Egress devices with a strict reverse path filter',
  level: 'node',
  format: (devices) => devices.join(', ') || 'none',
  compute(read) {
    const probe = read.probe(sysctlProbe);
    const all = probe.state === 'read' ? probe.value.get(ALL) : undefined;
    if (probe.state === 'missing' || all === undefined) {
      return unknown({
        fact: 'reverse path filter of the Egress devices',
        command: "sysctl -ar 'rp_filter'",
        where: 'node',
      });
    }
    const devices = [...probe.value].flatMap(([name, entry]) => {
      const device = EGRESS_DEVICE.exec(name)?.[1];
      return device === undefined ? [] : [{ device, entry }];
    });
    const strict = devices.filter(({ entry }) => Math.max(Number(all.value), Number(entry.value)) === 1);
    const places = strict.length > 0 ? strict.map(({ entry }) => entry) : [all];
    return known(
      strict.map(({ device }) => device),
      ...places.map((place) => at(probe.file, place)),
    );
  },
};
