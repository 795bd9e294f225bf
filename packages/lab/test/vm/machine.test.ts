import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openKernelImage } from '../../src/vm/kernel-image.ts';
import { runInMachine } from '../../src/vm/machine.ts';
import { whyNoMachine } from './why-no-machine.ts';

const folder = new URL('../../../../test-kernel', import.meta.url).pathname;
const reason = whyNoMachine(folder);

describe.skipIf(reason !== undefined)(
  `a machine with a kernel of its own${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    it('runs a script as root on that kernel, with its modules, and changes nothing of the host', async () => {
      const image = openKernelImage(folder);
      const result = await runInMachine(
        image,
        'uname -r; ip link add kube-ipvs0 type dummy; ipvsadm -A -t 10.96.0.1:80 -s rr; ipvsadm -Sn; touch /netvet-was-here; exit 7',
        { timeoutSeconds: 300 },
      );
      expect(result).toMatchObject({ exitCode: 7, stderr: '' });
      expect(result.stdout).toBe(`${image.release}\n-A -t 10.96.0.1:80 -s rr\n`);
      expect(existsSync('/netvet-was-here')).toBe(false);
    }, 320_000);

    it('says so when the machine stops before the script has ended', async () => {
      const result = await runInMachine(openKernelImage(folder), 'echo b > /proc/sysrq-trigger; sleep 60', {
        timeoutSeconds: 300,
      });
      expect(result.exitCode).toBeUndefined();
    }, 320_000);
  },
);
