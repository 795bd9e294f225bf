import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactObject } from './redact-object.ts';

const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

describe('redactObject', () => {
  it('empties Secrets, wherever their kind stands', () => {
    const secret = {
      metadata: { name: 'a' },
      type: 'Opaque',
      data: { user: 'dQ==' },
      stringData: { b: 'x' },
    };
    const clean = { ...secret, data: { user: '<redacted:secret>' }, stringData: { b: '<redacted:secret>' } };
    expect(redactObject({ kind: 'Secret', ...secret }).value).toEqual({ kind: 'Secret', ...clean });
    expect(redactObject({ kind: 'SecretList', items: [secret] }).value).toEqual({
      kind: 'SecretList',
      items: [clean],
    });
    expect(redactObject([secret], 'Secret').value).toEqual([clean]);
    expect(redactObject({ kind: 'List', items: [{ kind: 'Secret', ...secret }] }).redactions).toEqual([
      { kind: 'secret', count: 2 },
    ]);
  });

  it('looks into the configuration that was applied', () => {
    const applied = { kind: 'Secret', data: { a: 'eA==' } };
    const object = { kind: 'Secret', metadata: { annotations: { [APPLIED]: JSON.stringify(applied) } } };
    expect(JSON.stringify(redactObject(object).value)).not.toContain('eA==');
    const plain = { metadata: { annotations: { [APPLIED]: '{"kind":"Pod", "a":1}\n' } } };
    expect(redactObject(plain)).toEqual({ value: plain, redactions: [] });
    const broken = { metadata: { annotations: { [APPLIED]: '{"data":{"a":"eA' } } };
    expect(JSON.stringify(redactObject(broken).value)).not.toContain('eA');
  });

  it('takes values of variables and flags with such names', () => {
    const container = {
      env: [
        { name: 'DB_PASSWORD', value: 'x' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'n', key: 'token' } } },
        { name: 'LOG', value: 'debug' },
      ],
      args: ['--token', 'x', '--password=x', '--v=2'],
    };
    expect(redactObject(container).value).toEqual({
      env: [
        { name: 'DB_PASSWORD', value: '<redacted:password>' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'n', key: 'token' } } },
        { name: 'LOG', value: 'debug' },
      ],
      args: ['--token', '<redacted:token>', '--password=<redacted:password>', '--v=2'],
    });
  });

  it('looks into the texts of a ConfigMap and keeps their lines', () => {
    const data = {
      kubeconfig: 'users:\n- user:\n    token: abc\n- x: y\n',
      password: 'x',
      conf: '{"a":{"psk":"x"}}',
    };
    expect(redactObject({ kind: 'ConfigMap', data }).value).toEqual({
      kind: 'ConfigMap',
      data: {
        kubeconfig: 'users:\n- user:\n    token: <redacted:token>\n- x: y\n',
        password: '<redacted:password>',
        conf: '{"a":{"psk":"<redacted:key>"}}',
      },
    });
  });

  it('keeps references, booleans and all that is no secret', () => {
    const object = {
      spec: {
        automountServiceAccountToken: true,
        volumes: [{ name: 'a', secret: { secretName: 'b', defaultMode: 420 } }],
        imagePullSecrets: [{ name: 'c' }],
        serviceAccountToken: { path: 'token', expirationSeconds: 3607 },
      },
      plain: 1,
    };
    expect(redactObject(object)).toEqual({ value: object, redactions: [] });
  });

  it('keeps the form of anything', () => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shape);
      if (typeof value !== 'object' || value === null) return 0;
      return Object.entries(value).map(([key, item]) => [key, shape(item)]);
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(shape(redactObject(value).value)).toEqual(shape(value));
      }),
    );
  });
});
