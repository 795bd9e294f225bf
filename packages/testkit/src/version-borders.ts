import {
  type ConditionNode,
  conditionById,
  type Fact,
  factById,
  formatVersion,
  type Issue,
  parseRange,
  parseVersion,
  rangeBorders,
  rangeContains,
} from '@netvet/core';

/** A release at which an entry's answer may change, as a given fact, and whether its window holds there. */
export interface Border {
  readonly of: string;
  readonly text: string;
  readonly inside: boolean;
}

interface VersionParameters {
  readonly of: string;
  readonly in: string;
}

/** Releases at and just below every border of the version windows that an entry always needs. */
export function bordersOf({ applies }: Issue): readonly Border[] {
  return neededConditions(applies).flatMap((parameters) => {
    const parsed = parseRange(parameters.in);
    if (!parsed.ok) return [];
    return rangeBorders(parsed.range).flatMap(({ version, below }) =>
      [version, below]
        .filter((one) => one !== undefined)
        .map((one) => ({
          of: parameters.of,
          text: formatVersion(one),
          inside: rangeContains(parsed.range, one).answer !== 'out',
        })),
    );
  });
}

/** Version conditions that must hold whatever else does: at the top, not inside `any` or `not`. */
function neededConditions(node: ConditionNode | undefined): readonly VersionParameters[] {
  if (node === undefined) return [];
  if ('all' in node) return (node.all as readonly ConditionNode[]).flatMap(neededConditions);
  if ('some-node' in node) return neededConditions(node['some-node'] as ConditionNode);
  return 'version' in node && conditionById('version') !== undefined
    ? [(node as { version: unknown }).version as VersionParameters]
    : [];
}

/** The version fact of a border, in place of what the evidence says. */
export function givenVersion({ of, text }: Border): ReadonlyMap<string, Fact<unknown>> {
  const definition = factById(`version.${of}`);
  const version = parseVersion(text);
  if (definition === undefined || version === undefined) throw new Error(`no version fact for ${of} ${text}`);
  return new Map([[definition.id, { state: 'known', value: { version, text }, origins: [] }]]);
}
