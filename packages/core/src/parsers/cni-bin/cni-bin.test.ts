import { expect, it } from 'vitest';
import { parseCniBin } from './index.ts';

const TEXT = `\
/opt/cni/bin:
total 75000
-rwxr-xr-x. 1 root root 4016001 Jan  1 12:00 bridge
lrwxrwxrwx  1 root root      13 2024-01-01 12:00 host-local -> /a b/host-local
drwxr-xr-x  2 root root    4096 2024-01-01 12:00:00.000000000 +0000 old files
crw-rw-rw-  1 root root   1,  3 Jan  1  2024 null

/usr/lib/cni:
total 0
/usr/libexec/cni:
ls: cannot access '/usr/libexec/cni': No such file or directory
ls: cannot access '/opt/bin': No such file or directory
ls: /bin/cni: No such file or directory
`;

it('reads ls -l of several directories', () => {
  const { value, problems } = parseCniBin(TEXT);
  expect(problems).toEqual([]);
  expect(value).toEqual([
    {
      directory: '/opt/cni/bin',
      missing: false,
      line: 1,
      files: [
        { name: 'bridge', mode: '-rwxr-xr-x.', size: 4016001, line: 3 },
        { name: 'host-local', mode: 'lrwxrwxrwx', size: 13, target: '/a b/host-local', line: 4 },
        { name: 'old files', mode: 'drwxr-xr-x', size: 4096, line: 5 },
        { name: 'null', mode: 'crw-rw-rw-', line: 6 },
      ],
    },
    { directory: '/usr/lib/cni', missing: false, line: 8, files: [] },
    { directory: '/usr/libexec/cni', missing: true, line: 10, files: [] },
    { directory: '/opt/bin', missing: true, line: 12, files: [] },
    { directory: '/bin/cni', missing: true, line: 13, files: [] },
  ]);
});

it('tells a directory that may not be read from one that is missing', () => {
  const { value, problems } = parseCniBin(
    "/opt/cni/bin:\nls: cannot open directory '/opt/cni/bin': Permission denied\n",
  );
  expect(value).toMatchObject([{ directory: '/opt/cni/bin', missing: false, files: [] }]);
  expect(problems).toMatchObject([{ line: 2, reason: 'the directory could not be listed' }]);
});

it('reports a heading without a listing: the text was cut', () => {
  expect(parseCniBin('/opt/cni/bin:\n').problems).toMatchObject([{ line: 1 }]);
});

it.each(['bridge', '-rwxr-xr-x 1 root root', 'total', 'bash: ls: command not found', '-rwxr-xr-x\0'])(
  'reports %j',
  (line) => {
    const { value, problems } = parseCniBin(`/opt/cni/bin:\ntotal 0\n${line}\n`);
    expect(value).toMatchObject([{ files: [] }]);
    expect(problems).toMatchObject([{ line: 3 }]);
  },
);

it('reports files without a heading', () => {
  const { value, problems } = parseCniBin('-rwxr-xr-x 1 root root 1 Jan 1 2024 bridge\n');
  expect(value).toEqual([]);
  expect(problems).toMatchObject([{ line: 1 }]);
});

it('gives no directories for an empty text', () => {
  expect(parseCniBin('')).toEqual({ value: [], problems: [] });
});
