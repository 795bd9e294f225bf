import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../../src/faults/index.ts';
import { openKernelImage } from '../../src/vm/kernel-image.ts';
import { runInMachine } from '../../src/vm/machine.ts';
import { judgeSent, type LabRecord, shortened } from '../record.ts';
import { whyNoMachine } from './why-no-machine.ts';

const kernel = new URL('../../../../test-kernel', import.meta.url).pathname;
const reason = whyNoMachine(kernel);

const LAB = { name: 'machine', mode: 'ipip', proxy: 'ipvs' };
/** More take longer: NETVET_MACHINE_FAULTS has their names with commas. */
const NAMES = process.env.NETVET_MACHINE_FAULTS ?? 'ipvs-server-missing';
const chosen = FAULTS.filter(({ id }) => NAMES.split(',').includes(id));
/** File that gets the record, for a test on machines that can not do this. */
const RECORD = process.env.NETVET_MACHINE_RECORD;

const MINUTE = 60_000;
/** Far more than it takes: machines are emulated, and others may keep the processors busy. */
const TIMEOUT = (20 + 5 * chosen.length) * MINUTE;

let folder = '';
let record: LabRecord;

describe.skipIf(reason !== undefined)(`a lab with IPIP and IPVS${reason ? ` (${reason})` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'netvet-test-'));
    const program = await bundled(new URL('lab-in-machine.ts', import.meta.url).pathname);
    const script = `exec ${process.execPath} ${program} '${JSON.stringify(LAB)}' ${NAMES}`;
    const result = await runInMachine(openKernelImage(kernel), script, { timeoutSeconds: TIMEOUT / 1000 });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    record = JSON.parse(result.stdout) as LabRecord;
    if (RECORD !== undefined) writeFileSync(RECORD, `${JSON.stringify(shortened(record), null, 1)}\n`);
  }, TIMEOUT);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('works, but for the Service without endpoints, and the walk agrees with the kernel on every flow', async () => {
    const judgements = await judgeSent(record.files, record.sent);
    expect(judgements.filter(({ verdict }) => verdict !== 'agree')).toEqual([]);
    const failing = judgements.filter(({ works }) => !works);
    expect(new Set(failing.map(({ flow }) => flow.to))).toEqual(new Set(['service/default/empty:80']));
  });

  it.each(chosen)(
    '$id: breaks what it says, is named, and mended by its remedy',
    async ({ id, isInEvidence }) => {
      const fault = record.faults.find((one) => one.id === id);
      expect(fault).toBeDefined();
      const { changed = {}, sent = [], cause, mended = [] } = fault ?? {};
      const judgements = await judgeSent({ ...record.files, ...changed }, sent);
      expect(judgements.map(({ works, verdict }) => [works, verdict === 'agree'])).toEqual([
        [false, isInEvidence],
      ]);
      expect(cause).toMatchObject({ cause: id, effect: isInEvidence ? 'blocks' : 'hazard' });
      expect(mended.map(({ outcome }) => outcome.ok)).toEqual([true]);
    },
  );
});

/** The sources in one file, because each file takes long to read inside the machine. */
async function bundled(source: string): Promise<string> {
  const file = join(folder, 'lab.mjs');
  const bundle = await rolldown({
    input: source,
    platform: 'node',
    resolve: { conditionNames: ['@netvet/source', 'node', 'import', 'default'] },
  });
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  return file;
}
