import { networkctlProbe } from '../../../../probes/configuration.ts';
import { unitsProbe } from '../../../../probes/system.ts';
import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { at, type Reader } from '../../../reader.ts';

const UNIT = 'systemd-networkd.service';

/** Whether systemd-networkd runs on the node. */
export const networkdActive: FactDefinition<boolean> = {
  id: 'networkd.active',
  title: 'systemd-networkd is running',
  level: 'node',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  compute: (read) =>
    fromUnits(read) ??
    fromLinks(read) ??
    unknown({ fact: 'systemd-networkd is running', command: `systemctl is-active ${UNIT}`, where: 'node' }),
};

function fromUnits(read: Reader): Fact<boolean> | undefined {
  const units = read.probe(unitsProbe);
  if (units.state === 'missing') return undefined;
  const unit = units.value.get(UNIT);
  if (unit !== undefined) return known(unit.active === 'active', at(units.file, unit));
  // `systemctl list-units --all` shows what is loaded; a list without any service is only a part of one.
  const isList = [...units.value.keys()].some((name) => name.endsWith('.service'));
  return units.complete && isList ? known(false, at(units.file, {})) : undefined;
}

/** While networkd is not running, networkctl has no operational state to show. */
function fromLinks(read: Reader): Fact<boolean> | undefined {
  const probe = read.probe(networkctlProbe);
  if (probe.state === 'missing') return undefined;
  const [first] = probe.value;
  if (first === undefined) return undefined;
  const stopped = probe.value.every(({ operational }) => operational === 'n/a');
  return known(!stopped, at(probe.file, first));
}

/**
 * What networkd does with a link: `managed`, `unmanaged`, or `other` while it has not decided. Undefined where
 * networkctl was not collected or does not list the link.
 */
export function linkState(
  read: Reader,
  name: string,
):
  | {
      readonly state: 'managed' | 'unmanaged' | 'other';
      readonly setup: string;
      readonly line: number;
      readonly file: string;
    }
  | undefined {
  const probe = read.probe(networkctlProbe);
  if (probe.state === 'missing') return undefined;
  const link = probe.value.find((one) => one.name === name);
  if (link?.setup === undefined || link.operational === 'n/a') return undefined;
  return { state: STATES[link.setup] ?? 'other', setup: link.setup, line: link.line, file: probe.file };
}

const STATES: Readonly<Record<string, 'managed' | 'unmanaged'>> = {
  configured: 'managed',
  configuring: 'managed',
  failed: 'managed',
  unmanaged: 'unmanaged',
};
