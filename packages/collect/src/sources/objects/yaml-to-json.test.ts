import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { piecesOf } from '../../../test/support/read-source.ts';
import { yamlToJson } from './yaml-to-json.ts';

async function convert(text: string, piece = 7): Promise<{ json: unknown; damage: string | undefined }> {
  const content = yamlToJson({
    path: 'x',
    chunks: piecesOf(Buffer.from(text), piece),
    damage: () => undefined,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.chunks) chunks.push(chunk);
  const json = Buffer.concat(chunks).toString();
  return { json: json === '' ? undefined : (JSON.parse(json) as unknown), damage: content.damage() };
}

const pod = { kind: 'Pod', metadata: { name: 'p1', annotations: { text: 'a:\n- b\n\nitems:\n---\n' } } };

it.each<[string, string, unknown]>([
  ['one object', stringify(pod), pod],
  ['one object after a mark', `---\n${stringify(pod)}`, pod],
  [
    'documents',
    `${stringify(pod)}---\n# nothing\n---\n${stringify({ kind: 'Node' })}`,
    { items: [pod, { kind: 'Node' }] },
  ],
  [
    'a list of kubectl',
    `apiVersion: v1\nitems:\n${stringify([pod, pod], { aliasDuplicateObjects: false })}kind: List\nmetadata:\n  resourceVersion: ""\n`,
    { items: [pod, pod] },
  ],
  ['a bare list', stringify([pod, { kind: 'Node' }]), { items: [pod, { kind: 'Node' }] }],
  ['a list that is indented', 'kind: List\nitems:\n  - kind: Pod\n', { items: [{ kind: 'Pod' }] }],
  ['an empty list', 'apiVersion: v1\nitems: []\nkind: List\n', { apiVersion: 'v1', items: [], kind: 'List' }],
  ['nothing', '', undefined],
  ['comments', '# nothing\n', undefined],
  [
    'Windows line ends',
    'kind: Pod\r\nmetadata:\r\n  name: p1\r\n',
    { kind: 'Pod', metadata: { name: 'p1' } },
  ],
])('reads %s', async (_, text, expected) => {
  for (const piece of [1, 10_000])
    expect(await convert(text, piece)).toEqual({ json: expected, damage: undefined });
});

it('keeps the places of other objects when one is damaged', async () => {
  const text = 'items:\n- kind: Pod\n- kind: "Node\n- kind: Service\n';
  expect(await convert(text)).toEqual({
    json: { items: [{ kind: 'Pod' }, null, { kind: 'Service' }] },
    damage: expect.stringMatching(/^line \d+: /),
  });
});

it('reads what a YAML writer writes, whatever the values', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 2 }))),
      async (objects) => {
        const items = objects.map((object) => ({ kind: 'Pod', ...object }));
        const text = `apiVersion: v1\n${items.length === 0 ? 'items: []\n' : `items:\n${stringify(items, { version: '1.1' })}`}kind: List\n`;
        const { json, damage } = await convert(text, 50);
        expect(damage).toBeUndefined();
        expect((json as { items: unknown[] }).items).toHaveLength(items.length);
      },
    ),
  );
});

it('never throws for any text', async () => {
  const line = fc.constantFrom(
    'items:',
    '- a',
    '- ',
    '-',
    '---',
    'kind: List',
    '  b: [',
    '\t',
    '"',
    '&a *a',
    '# c',
    'x: |',
    '   y',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(line, fc.string())), (lines) =>
      convert(lines.join('\n')).then(() => undefined),
    ),
  );
});
