import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RedactMode } from './modes.ts';
import { redactText } from './redact-text.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl';

/** Mode, text with a secret, text without. */
const FORMS: readonly (readonly [mode: RedactMode, text: string, clean: string])[] = [
  ['configuration', 'password: hunter2', 'password: <redacted:password>'],
  ['configuration', "  - password: 'hun''ter2' # note", "  - password: '<redacted:password>' # note"],
  ['configuration', 'password: two words, and more\r', 'password: <redacted:password>\r'],
  ['configuration', '{user: a, password: two words, b: c}', '{user: a, password: <redacted:password>, b: c}'],
  ['configuration', '{"auth":"dTpw","url":"x"}', '{"auth":"<redacted:auth>","url":"x"}'],
  ['configuration', '{"pin": 1234, "b": 1}', '{"pin": "<redacted:password>", "b": 1}'],
  [
    'configuration',
    '{"a":"{\\"token\\":\\"x\\\\\\"y\\",\\"b\\":1}"}',
    '{"a":"{\\"token\\":\\"<redacted:token>\\",\\"b\\":1}"}',
  ],
  ['configuration', 'PrivateKey=yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=', 'PrivateKey=<redacted:key>'],
  ['configuration', 'PresharedKey = abc', 'PresharedKey = <redacted:key>'],
  ['configuration', 'wep-key0=abc', 'wep-key0=<redacted:key>'],
  ['configuration', 'net.ipv4.tcp_fastopen_key = 1-2-3-4', 'net.ipv4.tcp_fastopen_key = <redacted:key>'],
  [
    'configuration',
    'net.ipv6.conf.eth0.stable_secret = ::1',
    'net.ipv6.conf.eth0.stable_secret = <redacted:secret>',
  ],
  ['configuration', '    client-key-data: LS0tLS1CRUdJTg==', '    client-key-data: <redacted:key>'],
  [
    'configuration',
    'Environment="A=b" "DB_PASSWORD=x y" "C=d"',
    'Environment="A=b" "DB_PASSWORD=<redacted:password>" "C=d"',
  ],
  [
    'configuration',
    '[plugins."io.containerd.grpc.v1.cri".registry.configs."r.io".auth]\n  username = "me"\n  identity = "x"\n[other]\n  a = "b"',
    '[plugins."io.containerd.grpc.v1.cri".registry.configs."r.io".auth]\n  username = "me"\n  identity = "<redacted:auth>"\n[other]\n  a = "b"',
  ],
  [
    'configuration',
    'http_proxy=http://u:p@ss@proxy:3128/',
    'http_proxy=http://u:<redacted:password>@proxy:3128/',
  ],
  [
    'configuration',
    'password: |\n  a\n  b\nuser: c',
    'password: |\n  <redacted:password>\n  <redacted:password>\nuser: c',
  ],
  ['configuration', 'tokens:\n- a\n- b\nuser: c', 'tokens:\n- <redacted:token>\n- <redacted:token>\nuser: c'],
  [
    'configuration',
    '{\n"tokens": [\n"a]b",\n"c"\n],\n"d": "e"\n}',
    '{\n"tokens": [\n"<redacted:token>",\n"<redacted:token>"\n],\n"d": "e"\n}',
  ],
  ['configuration', '{"token":\n"a",\n"b": 1}', '{"token":\n"<redacted:token>",\n"b": 1}'],
  [
    'configuration',
    'passwords:\n  alice: x\n  bob: y\nz: 1',
    'passwords:\n  alice: <redacted:password>\n  bob: <redacted:password>\nz: 1',
  ],
  [
    'configuration',
    'key: """\na\n"""\npassword = """\nb\n"""\nc = "d"',
    'key: """\na\n"""\npassword = """\n<redacted:password>\n"""\nc = "d"',
  ],
  ['configuration', 'PASSWORD=a \\\n  b\nC=d', 'PASSWORD=<redacted:password>\n  <redacted:password>\nC=d'],
  [
    'configuration',
    'a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIE\n  x==\n  -----END RSA PRIVATE KEY-----\nb: c',
    'a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  <redacted:pem>\n  <redacted:pem>\n  -----END RSA PRIVATE KEY-----\nb: c',
  ],
  [
    'configuration',
    '{"a":"-----BEGIN CERTIFICATE-----\\nMIIE\\n-----END CERTIFICATE-----\\n","b":1}',
    '{"a":"-----BEGIN CERTIFICATE-----<redacted:pem>-----END CERTIFICATE-----\\n","b":1}',
  ],
  ['configuration', 'ca: LS0tLS1CRUdJTiBDRVJU', 'ca: <redacted:pem>'],
  ['configuration', '- name: DB_PASSWORD\n  value: x', '- name: DB_PASSWORD\n  value: <redacted:password>'],
  ['configuration', '{"name":"API_KEY","value":"x"}', '{"name":"API_KEY","value":"<redacted:key>"}'],
  ['configuration', '- --token\n- abc\n- --v=2', '- --token\n- <redacted:token>\n- --v=2'],
  [
    'arguments',
    '--token=abc\n--bootstrap-token\nabc\n--v=2',
    '--token=<redacted:token>\n--bootstrap-token\n<redacted:token>\n--v=2',
  ],
  ['logs', `I1121 token="${JWT}" ok`, 'I1121 token="<redacted:token>" ok'],
  ['logs', `got ${JWT}, then`, 'got <redacted:token>, then'],
  ['logs', 'Authorization: Basic dXNlcjpw', 'Authorization: Basic <redacted:auth>'],
  ['logs', 'header Bearer abcdefghijklmnop end', 'header Bearer <redacted:token> end'],
  [
    'logs',
    'kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef --v 5',
    'kubeadm join 10.0.0.1:6443 --token <redacted:token> --v 5',
  ],
  ['logs', 'join with abcdef.0123456789abcdef', 'join with <redacted:token>'],
  ['logs', 'enc cbc(aes) 0x3aa1 sel', 'enc cbc(aes) <redacted:key> sel'],
  ['logs', '10.0.0.1 : PSK "abc"', '10.0.0.1 : PSK <redacted:key>'],
  ['logs', 'private key: yAnz5TF+', 'private key: <redacted:key>'],
];

const KEPT: readonly (readonly [RedactMode, string])[] = [
  ['configuration', 'authorization:\n  mode: Webhook\nauthentication:\n  webhook:\n    enabled: true'],
  ['configuration', 'serverTLSBootstrap: true\ntlsPrivateKeyFile: /var/lib/kubelet/pki/kubelet.key'],
  ['configuration', '"automountServiceAccountToken": true,\n"tokenExpirationSeconds": 3607'],
  ['configuration', 'token: null\npassword: ""\nb: c'],
  ['configuration', 'kernel.keys.maxkeys = 200\nnet.sctp.cookie_preserve_enable = 1\nkernel.bypass = 1'],
  ['configuration', 'PublicKey=abc\nEndpoint=[2001:db8::1]:51820'],
  ['configuration', '{"type":"calico","kubernetes":{"kubeconfig":"/etc/cni/net.d/calico-kubeconfig"}}'],
  [
    'arguments',
    '--authentication-token-webhook=true\n--authorization-mode=Webhook\n--bootstrap-kubeconfig=/etc/x',
  ],
  ['logs', 'invalid bearer token, token lookup failed'],
  ['logs', 'kernel: keyJson.data and monkeyJ.x; client.authentication.k8s.io'],
];

describe('redactText', () => {
  it.each(FORMS)('%s: %j', (mode, text, clean) => {
    expect(redactText(text, mode).text).toBe(clean);
  });

  it.each(KEPT)('keeps %s: %j', (mode, text) => {
    expect(redactText(text, mode)).toEqual({ text, redactions: [] });
  });

  it('takes nothing out twice', () => {
    for (const [mode, , clean] of FORMS)
      expect(redactText(clean, mode)).toEqual({ text: clean, redactions: [] });
  });

  it.each([
    '-eyJ',
    '=eyJa.',
    '://a',
    'enc (',
    'name=token ',
    'a" password=b',
    ' --a-token',
    '[.auth',
    'token: [',
    '-----BEGIN A-----',
    'bearer ',
    '\\',
  ])('reads lines of many %j in a time that grows with their length', (piece) => {
    // Quadratic work on this many bytes would not end within the time limit of a test.
    const line = piece.repeat(2_000_000 / piece.length);
    expect(redactText(line, 'configuration').text.length).toBeGreaterThan(0);
  });

  it('counts by kind', () => {
    const { redactions } = redactText('password: a\ntoken: b\nsmtp_password: c\n', 'configuration');
    expect(redactions).toEqual([
      { kind: 'password', count: 2 },
      { kind: 'token', count: 1 },
    ]);
  });

  it('ends a PEM block that was cut', () => {
    const log = `a\n-----BEGIN CERTIFICATE-----\n${'x\n'.repeat(500)}end`;
    expect(redactText(log, 'logs').text.endsWith('\nx\nend')).toBe(true);
  });
});

/** A secret of 8 to 40 characters that stands out from everything around it. */
const secret = fc
  .string({ unit: fc.constantFrom(...'abcXYZ0189+/=_-.!$%#@ '), minLength: 4, maxLength: 36 })
  .map((middle) => `Qz${middle.trim()}zQ`);
const secretKey = fc.constantFrom(
  ...[
    'password',
    'DB_PASSWORD',
    'clientSecret',
    'token',
    'api-key',
    'PrivateKey',
    'psk',
    'auth',
    'identitytoken',
  ],
);
const plainKey = fc.constantFrom('mtu', 'server', 'logLevel', 'podCIDR', 'enabled');
const plainValue = fc.constantFrom('1450', '"10.0.0.1"', 'true', 'eth0', '[a, b]', '/etc/x/y.conf');

describe('redactText on any configuration', () => {
  it.each([
    ['YAML', ': ', ''],
    ['quoted YAML', ': "', '"'],
    ['INI', '=', ''],
    ['TOML', ' = "', '"'],
    ['single quotes', " = '", "'"],
  ])('%s: no secret survives, other lines are the same', (_form, separator, end) => {
    const line = fc.oneof(
      { weight: 2, arbitrary: fc.tuple(secretKey, secret) },
      { weight: 3, arbitrary: fc.tuple(plainKey, plainValue) },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (entries) => {
        const isSecret = (value: string): boolean => value.startsWith('Qz');
        const lines = entries.map(([key, value]) =>
          isSecret(value)
            ? `${key}${separator}${value}${end}`
            : `${key}${separator.slice(0, -end.length || undefined)}${value}`,
        );
        const clean = redactText(lines.join('\n'), 'configuration').text.split('\n');
        expect(clean).toHaveLength(Math.max(1, lines.length));
        entries.forEach(([, value], index) => {
          if (isSecret(value)) expect(clean[index]).not.toContain('Qz');
          else expect(clean[index]).toBe(lines[index]);
        });
      }),
    );
  });

  it.each([0, 2])('JSON with indent %i: no secret survives, the rest is the same', (indent) => {
    const leaf = fc.oneof(secret, fc.constantFrom('a', 'eth0'), fc.integer());
    const tree = fc.dictionary(fc.oneof(secretKey, plainKey), leaf, { maxKeys: 6 });
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), (objects) => {
        const value = objects.map((object) =>
          Object.fromEntries(
            Object.entries(object).filter(
              ([key, item]) => isSecretLike(key) === String(item).startsWith('Qz'),
            ),
          ),
        );
        const { text } = redactText(JSON.stringify({ value }, undefined, indent), 'configuration');
        expect(text).not.toContain('Qz');
        const kept = JSON.parse(text, (_key, item) => (String(item).startsWith('<redacted:') ? 'Qz' : item));
        const wanted = JSON.parse(JSON.stringify({ value }), (_key, item) =>
          String(item).startsWith('Qz') ? 'Qz' : item,
        );
        expect(kept).toEqual(wanted);
      }),
    );
  });

  it('keeps any text without names of secrets', () => {
    const letters = fc.constantFrom(...'abc ={}[]:,."\'\n\t#-|>\\');
    fc.assert(
      fc.property(
        fc.string({ unit: letters, maxLength: 200 }),
        fc.constantFrom('configuration', 'logs'),
        (text, mode) => {
          expect(redactText(text, mode as RedactMode)).toEqual({ text, redactions: [] });
        },
      ),
    );
  });
});

function isSecretLike(key: string): boolean {
  return !['mtu', 'server', 'logLevel', 'podCIDR', 'enabled'].includes(key);
}
