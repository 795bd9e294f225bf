import { mkdir, rm, writeFile } from 'node:fs/promises';
import { buildPack, formatComplaint, issueSchema, loadCatalogue } from '@netvet/catalogue';
import { rolldown } from 'rolldown';

const root = new URL('../', import.meta.url).pathname;

/** Checks all entries and writes them as one pack, with the JSON Schema that editors use. */
async function buildCatalogue(): Promise<void> {
  const folder = `${root}packages/catalogue`;
  const { issues, complaints } = await loadCatalogue(`${folder}/issues`);
  if (complaints.length > 0) throw new Error(complaints.map(formatComplaint).join('\n'));
  await mkdir(`${folder}/dist`, { recursive: true });
  await writeFile(`${folder}/dist/pack.json`, JSON.stringify(buildPack(CATALOGUE_VERSION, issues)));
  await writeFile(`${folder}/issue.schema.json`, `${JSON.stringify(issueSchema(), null, 2)}\n`);
}

/** Date of the knowledge in the catalogue. */
const CATALOGUE_VERSION = '2026.11.21';

/** Bundles the command: one file per command, so that each loads only what it needs. */
async function buildCommand(): Promise<void> {
  const folder = `${root}packages/cli/bundle`;
  await rm(folder, { recursive: true, force: true });
  const bundle = await rolldown({
    input: { netvet: `${root}packages/cli/src/main.ts` },
    platform: 'node',
    resolve: { conditionNames: ['@netvet/source', 'node', 'import', 'default'] },
  });
  await bundle.write({
    dir: folder,
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: false,
  });
  await bundle.close();
}

await buildCatalogue();
await buildCommand();
