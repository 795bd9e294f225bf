import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../src/faults/index.ts';
import { judgeSent, type LabRecord } from './record.ts';
import { causeOf } from './remedy.ts';

const folder = new URL('__fixtures__/records/', import.meta.url);

/** Labs that a real kernel ran, for machines on which they can not be built. */
describe.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s', (name) => {
  const record = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as LabRecord;

  it('the walk agrees with the kernel on every flow', async () => {
    const judgements = await judgeSent(record.files, record.sent);
    expect(judgements.length).toBeGreaterThan(0);
    expect(judgements.filter(({ verdict }) => verdict !== 'agree')).toEqual([]);
  });

  it.each(record.faults)('$id: the walk agrees with the kernel, and the cause is named', async (fault) => {
    const files = { ...record.files, ...fault.changed };
    const isInEvidence = FAULTS.some((one) => one.id === fault.id && one.isInEvidence);
    const [judgement] = await judgeSent(files, fault.sent);
    expect(judgement).toMatchObject({ works: false, verdict: isInEvidence ? 'agree' : 'disagree' });
    const flow = judgement?.flow;
    const cause = flow === undefined ? undefined : await causeOf(files, flow, fault.id);
    expect(cause).toMatchObject({ effect: isInEvidence ? 'blocks' : 'hazard' });
    expect(cause?.remedies[0]?.command).toBe(fault.cause?.remedies[0]?.command);
  });
});
