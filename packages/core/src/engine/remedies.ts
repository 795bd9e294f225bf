import { formatFact } from '../facts/fact.ts';
import { factById } from '../facts/registry.ts';
import type { FindingRemedy } from '../model/finding.ts';
import type { Issue, Remedy } from '../model/issue.ts';
import type { ConditionTree } from './condition-tree.ts';
import type { FindingSubject } from './subject-facts.ts';

/**
 * `{antrea.gateway}` or `{sysctl:net.ipv4.ip_forward}` (a fact), `{node}`, `{name}`, `{namespace}` (the subject).
 * Anything else in braces, such as JSON in a command, stays as it is.
 */
const PLACEHOLDER = /\{([a-z][a-z0-9.-]*)(?::([^{}\s]+))?\}/g;

/** The remedies of an issue that fit the subject, with its own names filled in. */
export function remediesFor(
  issue: Issue,
  subject: FindingSubject,
  tree: ConditionTree,
): readonly FindingRemedy[] {
  return issue.remedies
    .filter(({ when }) => when === undefined || tree.evaluate(when, subject.reader()).answer !== 'no')
    .map((remedy) => fillIn(remedy, subject));
}

function fillIn(remedy: Remedy, subject: FindingSubject): FindingRemedy {
  const { kind, text, component, to, command, files, sideEffects, persistence, needs } = remedy;
  const fill = (template: string): string => fillText(template, subject);
  return {
    kind,
    ...(component === undefined ? {} : { component }),
    ...(to === undefined ? {} : { to }),
    text: fill(text),
    ...(command === undefined ? {} : { command: fill(command) }),
    ...(files === undefined
      ? {}
      : { files: files.map(({ path, content }) => ({ path: fill(path), content: fill(content) })) }),
    ...(sideEffects === undefined ? {} : { sideEffects }),
    ...(persistence === undefined ? {} : { persistence }),
    ...(needs === undefined ? {} : { needs }),
  };
}

function fillText(template: string, subject: FindingSubject): string {
  return template.replace(PLACEHOLDER, (whole, id: string, parameter: string | undefined) => {
    const own = ownName(id, subject);
    if (own !== undefined) return own;
    const definition = factById(id);
    if (definition === undefined) return whole;
    const fact = subject.fact(definition, parameter ?? '') ?? agreed(definition, parameter ?? '', subject);
    return fact?.state === 'known' && fact.value !== null
      ? formatFact(definition, fact.value)
      : `<${definition.title}>`;
  });
}

/** A node's fact for the whole cluster: only if all nodes agree. */
function agreed(
  definition: NonNullable<ReturnType<typeof factById>>,
  parameter: string,
  subject: FindingSubject,
) {
  const facts = subject.cluster.nodes.map((node) => node.fact(definition, parameter));
  const values = new Set(
    facts.map((fact) => (fact.state === 'known' ? formatFact(definition, fact.value) : '')),
  );
  return values.size === 1 ? facts[0] : undefined;
}

function ownName(id: string, { node, object, subject }: FindingSubject): string | undefined {
  const metadata = object?.stored.object.metadata;
  if (id === 'node') return node?.name ?? '<node>';
  if (id === 'name') return metadata?.name ?? subject.name;
  if (id === 'namespace') return metadata?.namespace ?? '<namespace>';
  return undefined;
}
