import { writeCpio } from './cpio.ts';
import type { KernelModule } from './modules.ts';

/** Modules without which the host's files are out of reach. */
export const FIRST_MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'] as const;

export interface FirstRoot {
  /** A busybox and what it needs, by path. */
  readonly tools: ReadonlyMap<string, Uint8Array>;
  readonly modules: readonly KernelModule[];
  /** Folder of the host that has the kernel's `lib/modules`. */
  readonly modulesRoot: string;
  /** What runs inside, as a shell script. */
  readonly script: string;
}

/**
 * The first root of the machine. It puts a layer of memory over the host's files, which can only be read, and runs the script there.
 * Tags of the shares: `host` for the host's files, `results` for the folder that can be written.
 */
export function writeInitramfs({ tools, modules, modulesRoot, script }: FirstRoot): Uint8Array {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return writeCpio([
    ...['sbin', 'modules', 'proc', 'sys', 'dev', 'host', 'memory', 'root'].map((path) => ({ path })),
    ...foldersOf([...tools.keys()]).map((path) => ({ path })),
    ...[...tools].map(([path, content]) => ({ path, content, isProgram: true })),
    ...modules.map(({ file, content }) => ({ path: `modules/${file}`, content })),
    { path: 'script', content: text(script) },
    { path: 'init', content: text(init(modules, modulesRoot)), isProgram: true },
    // The kernel asks for modules by this name, outside of the root that the script sees.
    {
      path: 'sbin/modprobe',
      content: text('#!/bin/sh\nexec /bin/busybox chroot /root /sbin/modprobe "$@"\n'),
      isProgram: true,
    },
  ]);
}

/** Every folder above the paths, the outermost first. */
function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = paths.flatMap((path) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return [...new Set(folders)].sort();
}

function init(modules: readonly KernelModule[], modulesRoot: string): string {
  const share = 'trans=virtio,version=9p2000.L,msize=262144';
  // The host's files are kept once read (Documentation/filesystems/9p.rst): otherwise every start of a program fetches it again.
  return `#!/bin/sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
${modules.map(({ file }) => `$b insmod /modules/${file} || echo "netvet: ${file} was not loaded"`).join('\n')}
$b mount -t 9p -o ro,cache=loose,${share} host /host || { echo "netvet: the host's files are not to be had"; $b poweroff -f; }
$b mount -t tmpfs memory /memory
$b mkdir /memory/upper /memory/work
$b mount -t overlay -o lowerdir=/host,upperdir=/memory/upper,workdir=/memory/work overlay /root
for name in proc sys dev; do $b mount --bind /$name /root/$name; done
$b mount -t tmpfs run /root/run
$b mount -t tmpfs tmp /root/mnt
$b mount -t 9p -o ${share} results /root/mnt
$b mkdir -p /root/lib/modules
$b mount --bind '/host${modulesRoot}/lib/modules' /root/lib/modules
$b ip link set lo up
$b cp /script /root/run/script
$b chroot /root /bin/sh /run/script >/root/mnt/stdout 2>/root/mnt/stderr
echo $? >/root/mnt/exit-code
$b sync
$b poweroff -f
`;
}
