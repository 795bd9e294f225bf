import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LabError } from '../errors.ts';
import { busyboxFiles } from './busybox.ts';
import { FIRST_MODULES, writeInitramfs } from './initramfs.ts';
import type { KernelImage } from './kernel-image.ts';
import { modulesFor } from './modules.ts';

/** How a script inside a machine ended. */
export interface MachineResult {
  /** Undefined where the machine stopped before the script ended: it crashed, or took too long. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** What the kernel printed. */
  readonly console: string;
}

const MEMORY_MIB = 1024;

/**
 * Starts a kernel in a small machine, runs a shell script in it as root, and stops it. The machine sees the host's files but can not
 * change them; it has no network of the host. Needs no hardware virtualisation.
 * Throws a `LabError` where something is missing that this takes.
 */
export async function runInMachine(
  image: KernelImage,
  script: string,
  { timeoutSeconds }: { readonly timeoutSeconds: number },
): Promise<MachineResult> {
  const emulator = 'qemu-system-x86_64';
  if (!isProgram(emulator)) {
    throw new LabError(
      'missing-tool',
      `${emulator} is not here; install qemu-system-x86 (Debian, Ubuntu) or qemu-kvm`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'netvet-machine-'));
  try {
    const initramfs = join(folder, 'initramfs');
    const modules = modulesFor(image, FIRST_MODULES);
    const modulesRoot = resolve(image.root);
    writeFileSync(initramfs, writeInitramfs({ tools: busyboxFiles(), modules, modulesRoot, script }));
    const results = mkdtempSync(join(folder, 'results-'));
    const console = await boot(emulator, machineWords(image.kernel, initramfs, results), timeoutSeconds);
    const read = (name: string): string => {
      const file = join(results, name);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    const code = read('exit-code').trim();
    return {
      exitCode: code === '' ? undefined : Number(code),
      stdout: read('stdout'),
      stderr: read('stderr'),
      console,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function machineWords(kernel: string, initramfs: string, results: string): readonly string[] {
  const share = (id: string, path: string, more: string): readonly string[] => [
    '-fsdev',
    `local,id=${id},path=${path},security_model=none${more}`,
    '-device',
    `virtio-9p-pci,fsdev=${id},mount_tag=${id}`,
  ];
  return [
    // Emulation alone: it works everywhere, where a host's own virtualisation is often half there.
    ...['-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2'],
    ...['-m', String(MEMORY_MIB), '-nographic', '-no-reboot', '-net', 'none'],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', 'console=ttyS0 quiet panic=-1'],
    ...share('host', '/', ',readonly=on,multidevs=remap'),
    ...share('results', results, ''),
  ];
}

async function boot(emulator: string, words: readonly string[], timeoutSeconds: number): Promise<string> {
  return await new Promise((done, fail) => {
    const child = spawn(emulator, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const printed: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
    child.on('error', (error) => {
      clearTimeout(timer);
      fail(new LabError('command-failed', `${emulator}: ${error.message}`));
    });
    child.on('close', () => {
      clearTimeout(timer);
      done(Buffer.concat(printed).toString('utf8'));
    });
  });
}

function isProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}
