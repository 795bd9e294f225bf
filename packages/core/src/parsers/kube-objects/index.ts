export { type ListElement, type ListEnd, ListSplitter, parseListElement } from './list-splitter.ts';
export { type KubeItem, type KubeObjects, parseKubeObjects, readKubeItem } from './objects.ts';
export { parseKubeYaml } from './yaml-objects.ts';
