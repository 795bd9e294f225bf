import { expect, it } from 'vitest';
import { parseFlags } from './index.ts';

function values(text: string): Record<string, string> {
  return Object.fromEntries([...parseFlags(text).value].map(([name, { value }]) => [name, value]));
}

it.each([
  ['--a=b --c d --e', { a: 'b', c: 'd', e: 'true' }],
  [
    '/usr/bin/kubelet --config /var/lib/kubelet/config.yaml -v 4',
    { config: '/var/lib/kubelet/config.yaml', v: '4' },
  ],
  ['/usr/bin/kubelet\0--node-labels=a=b c\0--config\0/x\0', { 'node-labels': 'a=b c', config: '/x' }],
  ['/usr/bin/kubelet\n--config\n/x\n--v=2\n', { config: '/x', v: '2' }],
  [
    'KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.1 --register-node"',
    { 'node-ip': '10.0.0.1', 'register-node': 'true' },
  ],
  ['export ARGS=--a=b --c=d', { a: 'b', c: 'd' }],
  ["Environment='KUBELET_ARGS=--a=b --d'", { a: 'b', d: 'true' }],
  ['--a="b c" --d=\'e f\' --g=h\\ i', { a: 'b c', d: 'e f', g: 'h i' }],
  ['--a= --b ""', { a: '', b: '' }],
  ['--oom-score-adj -999 --b', { 'oom-score-adj': '-999', b: 'true' }],
  ['# --a=b\n\n[Service]\nEnvironmentFile=-/etc/default/kubelet\nRestart=always\n', {}],
  ['', {}],
])('reads %j', (text, expected) => {
  expect(parseFlags(text).problems).toEqual([]);
  expect(values(text)).toEqual(expected);
});

it('reads a unit with its continued lines', () => {
  const unit = `\
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/kubernetes/kubelet.conf"
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS \\
  --config=/var/lib/kubelet/config.yaml \\
  --cni-bin-dir /opt/cni/bin
`;
  const { value, problems } = parseFlags(unit);
  expect(problems).toEqual([]);
  expect([...value].map(([name, { value: text, line }]) => [name, text, line])).toEqual([
    ['kubeconfig', '/etc/kubernetes/kubelet.conf', 2],
    ['config', '/var/lib/kubelet/config.yaml', 5],
    ['cni-bin-dir', '/opt/cni/bin', 6],
  ]);
});

it('keeps every value of a flag that stands several times', () => {
  const flag = parseFlags('--feature-gates=A=true --feature-gates=B=false').value.get('feature-gates');
  expect(flag).toEqual({ value: 'B=false', values: ['A=true', 'B=false'], line: 1 });
});

it.each(['–node-ip=10.0.0.1', '—node-ip=10.0.0.1', '−v=4', '-–v=4'])(
  'reports the typographic dash of %j',
  (word) => {
    const { value, problems } = parseFlags(`--a=b\n${word}\n--c=d`);
    expect([...value.keys()]).toEqual(['a', 'c']);
    expect(problems).toMatchObject([{ line: 2, text: word }]);
  },
);

it('reports words that belong to no flag, and open quotes', () => {
  expect(parseFlags('--a=b c').problems).toMatchObject([{ line: 1, text: 'c' }]);
  expect(parseFlags('ARGS="--a=b').problems).toMatchObject([
    { line: 1, reason: 'a quote that is not closed' },
  ]);
  expect(values('ARGS="--a=b')).toEqual({ a: 'b' });
});
