import { expect, it } from 'vitest';
import { shown } from '../../../../test/fact-evidence.ts';

const log = 'logs/kube-system_spiderpool-controller-5f7-abcde_spiderpool-controller.previous.log';
const panic = 'panic: runtime error: invalid memory address or nil pointer dereference';

it('tells panics apart by their frames', async () => {
  const files = { [log]: `${panic}\n\ngoroutine 1 [running]:\nmultuscniconfig.generateNetAttachDef(0x0)\n` };
  expect(await shown(files, 'spiderpool.panics', 'attachment-generator')).toBe(panic);
  expect(await shown(files, 'spiderpool.panics', 'cilium-pools')).toBe('');
});

it('says nothing without a log', async () => {
  expect(await shown({}, 'spiderpool.panics', 'attachment-generator')).toBe('unknown');
});
