import { isMac } from '../iproute2/address.ts';
import { defined } from '../iproute2/defined.ts';
import {
  type JsonFields,
  type JsonRecord,
  numberField,
  sketchOf,
  stringField,
  stringsField,
  toFields,
} from '../iproute2/json.ts';
import type { ProblemLog } from '../parsed.ts';
import { detailsFromJson } from './details.ts';
import type { Link, LinkAttributes, LinkValue } from './link.ts';
import { commonName } from './names.ts';
import { withVxlanDefaults } from './vxlan-defaults.ts';

/** The link an element of `ip -j link` or `ip -j addr` describes; `undefined` and a problem when it has no name. */
export function linkFromJson(record: JsonRecord, problems: ProblemLog): Link | undefined {
  const { fields, pointer } = record;
  const name = stringField(fields, 'ifname');
  if (name === undefined) {
    problems.add({ pointer }, 'expected a link with "ifname"', sketchOf(fields));
    return undefined;
  }
  const peerIndex = numberField(fields, 'link_index');
  const mac = stringField(fields, 'address');
  const altNames = stringsField(fields, 'altnames');
  return {
    pointer,
    name,
    flags: stringsField(fields, 'flags'),
    ...defined({
      index: numberField(fields, 'ifindex'),
      peer: peerFromJson(fields, peerIndex),
      peerIndex,
      peerNetnsId: numberField(fields, 'link_netnsid'),
      peerNetns: stringField(fields, 'link_netns'),
      master: stringField(fields, 'master'),
      mtu: numberField(fields, 'mtu'),
      state: stringField(fields, 'operstate'),
      linkType: stringField(fields, 'link_type'),
      mac: mac !== undefined && isMac(mac) ? mac : undefined,
      alias: stringField(fields, 'ifalias'),
      altNames: altNames.length > 0 ? altNames : undefined,
    }),
    ...kindFromJson(fields),
    attributes: attributesFromJson(fields),
  };
}

function peerFromJson(fields: JsonFields, peerIndex: number | undefined): string | undefined {
  if (fields.link === null) return 'NONE';
  return stringField(fields, 'link') ?? (peerIndex === undefined ? undefined : `if${peerIndex}`);
}

function kindFromJson(fields: JsonFields): Pick<Link, 'kind' | 'details' | 'slaveKind' | 'slaveDetails'> {
  const info = toFields(fields.linkinfo) ?? {};
  const kind = stringField(info, 'info_kind');
  const details = detailsFromJson(toFields(info.info_data) ?? {}, false);
  return {
    ...defined({ kind, slaveKind: stringField(info, 'info_slave_kind') }),
    details:
      kind === 'vxlan' ? withVxlanDefaults(details, { isComplete: true, isTextSince419: false }) : details,
    slaveDetails: detailsFromJson(toFields(info.info_slave_data) ?? {}, true),
  };
}

function attributesFromJson(fields: JsonFields): LinkAttributes {
  const attributes: Record<string, LinkValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    const known = commonName(name);
    if (known !== undefined && (typeof value === 'string' || typeof value === 'number'))
      attributes[known] = value;
  }
  if (toFields(fields.xdp) !== undefined) attributes.xdp = true;
  return attributes;
}
