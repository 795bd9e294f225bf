import { type Parsed, ProblemLog } from '../parsed.ts';
import { parseYamlDocuments } from '../yaml/index.ts';
import { type KubeItem, type KubeObjects, parseKubeObjects } from './objects.ts';

/**
 * Finds the objects in YAML text of one or several documents, as {@link parseKubeObjects} does in each of them.
 * Pointers are those inside the document; `line` tells where the object starts in the text.
 */
export function parseKubeYaml(text: string): Parsed<KubeObjects> {
  const { value: documents, problems: yamlProblems } = parseYamlDocuments(text);
  const problems = new ProblemLog();
  const items: KubeItem[] = [];
  const types: Pick<KubeObjects, 'kind' | 'apiVersion'>[] = [];
  for (const document of documents) {
    const lineOf = (pointer: string): { line?: number } => {
      const line = document.lineOf(pathOf(pointer));
      return line === undefined ? {} : { line };
    };
    const { value: objects, problems: found } = parseKubeObjects(document.value);
    const { items: inside, ...type } = objects;
    types.push(type);
    for (const item of inside) items.push({ ...item, ...lineOf(item.pointer) });
    for (const { reason, text: shown, ...place } of found) {
      problems.add({ ...place, ...lineOf(place.pointer ?? '') }, reason, shown);
    }
  }
  const [type] = types;
  return {
    value: { ...(types.length === 1 ? type : {}), items },
    problems: [...yamlProblems, ...problems.list()],
  };
}

function pathOf(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
