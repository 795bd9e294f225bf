import { ipLinkProbe } from '../../../probes/network.ts';
import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, onThisNode, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { attachmentPlugins } from './attachments.ts';
import {
  ATTACHMENTS,
  annotationsOf,
  byName,
  fieldOf,
  fieldsOf,
  MULTUS_CONFIGS,
  textOf,
  textsOf,
} from './objects.ts';

/** A bond that a SpiderMultusConfig asks for. */
export interface BondRequest {
  readonly name: string;
  readonly masters: readonly string[];
  readonly vlan: number;
  readonly pointer: string;
}

/** The bond that a SpiderMultusConfig asks ifacer for: two or more masters of macvlan or ipvlan. */
function bondRequest({ object }: StoredObject): BondRequest | undefined {
  for (const type of ['macvlan', 'ipvlan']) {
    const part = fieldsOf(fieldOf(object, `spec.${type}`));
    const masters = textsOf(part.master);
    const name = textOf(fieldsOf(part.bond).name);
    if (masters.length < 2 || name === undefined) continue;
    return { name, masters, vlan: Number(part.vlanID ?? 0), pointer: `/spec/${type}` };
  }
  return undefined;
}

/** Whether the SpiderMultusConfig asks for a bond without a VLAN on top of it. */
export const bondWithoutVlan: FactDefinition<boolean> = {
  id: 'spiderpool.bond-without-vlan',
  title: 'the SpiderMultusConfig asks for a bond without a VLAN',
  level: 'object',
  compute(read) {
    const stored = read.object();
    if (stored === undefined) return unknown(missingObjects(MULTUS_CONFIGS));
    const bond = bondRequest(stored);
    if (bond === undefined) return known(false, inObject(stored, '/spec'));
    return known(bond.vlan === 0, inObject(stored, bond.pointer));
  },
};

/** Signs that the bond of a SpiderMultusConfig is not made, or is made and has no members. */
export const bondDefects: FactDefinition<readonly string[]> = {
  id: 'spiderpool.bond-defects',
  title: 'defects of the bond that a SpiderMultusConfig asks for',
  level: 'object',
  format: (list) => list.slice(0, 3).join(' | '),
  compute(read): Fact<readonly string[]> {
    const stored = read.object();
    if (stored === undefined) return unknown(missingObjects(MULTUS_CONFIGS));
    const bond = bondRequest(stored);
    if (bond === undefined || bond.vlan !== 0) return known([], inObject(stored, '/spec'));
    const attachment = attachmentOf(read, stored, bond);
    const found = [...withoutIfacer(attachment), ...emptyBonds(read, bond)];
    if (found.length > 0) {
      return known(
        found.map(({ text }) => text),
        ...found.slice(0, 3).map(({ origin }) => origin),
      );
    }
    return attachment === undefined ? unknown(missingObjects(ATTACHMENTS)) : known([], inObject(attachment));
  },
};

/** The attachment generated from a SpiderMultusConfig: same namespace; its name, or the one an annotation gives. */
function attachmentOf(read: Reader, stored: StoredObject, bond: BondRequest): StoredObject | undefined {
  const { namespace = 'default', name } = stored.object.metadata;
  const custom = textOf(annotationsOf(stored)['multus.spidernet.io/cr-name']);
  const found = byName(read.objects(ATTACHMENTS)).get(`${namespace}/${custom ?? name}`);
  return found !== undefined && isGenerated(found, name, bond) ? found : undefined;
}

/**
 * Attachments that somebody wrote by hand may do without ifacer on purpose. Where a copy of the object has no owners, the bond
 * as its master tells that it comes from the SpiderMultusConfig.
 */
function isGenerated(attachment: StoredObject, config: string, bond: BondRequest): boolean {
  const owners = attachment.object.metadata.ownerReferences;
  if (!Array.isArray(owners)) {
    return attachmentPlugins(attachment)?.some(({ master }) => master === bond.name) === true;
  }
  return owners.map(fieldsOf).some(({ kind, name }) => kind === 'SpiderMultusConfig' && name === config);
}

function withoutIfacer(attachment: StoredObject | undefined): { text: string; origin: Origin }[] {
  const plugins = attachment === undefined ? undefined : attachmentPlugins(attachment);
  if (attachment === undefined || plugins === undefined) return [];
  if (plugins.some(({ type }) => type === 'ifacer')) return [];
  const { name } = attachment.object.metadata;
  return [
    {
      text: `the network attachment ${name} has no ifacer plugin, so nothing makes the bond`,
      origin: inObject(attachment, '/spec/config'),
    },
  ];
}

function emptyBonds(read: Reader, bond: BondRequest): { text: string; origin: Origin }[] {
  return read.nodes().flatMap((node) => {
    const links = node.probe(ipLinkProbe);
    if (links.state !== 'read') return [];
    const device = links.value.find(({ name }) => name === bond.name);
    const isUp = device?.flags.includes('UP') === true;
    if (device === undefined || isUp || (device.kind !== undefined && device.kind !== 'bond')) return [];
    if (links.value.some(({ master }) => master === bond.name)) return [];
    const origin = onThisNode(node, at(links.file, device));
    return [{ text: `${bond.name} is down and has no members on ${node.nodeName() ?? 'the node'}`, origin }];
  });
}
