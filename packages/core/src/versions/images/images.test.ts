import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageReference, parseImageReference } from './index.ts';

describe('parseImageReference', () => {
  it.each([
    [
      'docker.io/calico/node:v3.19.0',
      { registry: 'docker.io', repository: 'calico/node', name: 'node', tag: 'v3.19.0' },
    ],
    ['calico/node:v3.19.0', { repository: 'calico/node', name: 'node', tag: 'v3.19.0' }],
    ['node', { repository: 'node', name: 'node' }],
    ['node:latest', { repository: 'node', name: 'node', tag: 'latest' }],
    ['localhost/a:1.2', { registry: 'localhost', repository: 'a', name: 'a', tag: '1.2' }],
    ['myreg:5000/a/b', { registry: 'myreg:5000', repository: 'a/b', name: 'b' }],
    [
      'myreg:5000/a/b/kube-proxy-amd64:v1.27.3@sha256:0a1b',
      {
        registry: 'myreg:5000',
        repository: 'a/b/kube-proxy-amd64',
        name: 'kube-proxy-amd64',
        tag: 'v1.27.3',
        digest: 'sha256:0a1b',
      },
    ],
    ['[fd00::1]:5000/a:v1.2.3', { registry: '[fd00::1]:5000', repository: 'a', name: 'a', tag: 'v1.2.3' }],
    ['quay.io/x/y@sha256:0a1b', { registry: 'quay.io', repository: 'x/y', name: 'y', digest: 'sha256:0a1b' }],
    [
      'docker-pullable://quay.io/x/y@sha256:0a1b',
      { registry: 'quay.io', repository: 'x/y', name: 'y', digest: 'sha256:0a1b' },
    ],
    ['sha256:0a1b', { repository: '', name: '', digest: 'sha256:0a1b' }],
    ['a:', { repository: 'a', name: 'a' }],
    ['a@', { repository: 'a', name: 'a' }],
    ['', { repository: '', name: '' }],
  ])('takes %j apart', (text, expected) => {
    const { version: _, ...rest } = parseImageReference(text);

    expect(rest).toEqual({ raw: text, ...expected });
  });

  it.each([
    ['a:v3.28.2-amd64', 3, 28, 2],
    ['602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/kube-proxy:v1.31.2-minimal-eksbuild.3', 1, 31, 2],
    ['rancher/hardened-kubernetes:v1.27.3-rke2r1-build20230615', 1, 27, 3],
    ['x:5000/y:1.2.3@sha256:0a1b', 1, 2, 3],
  ])('reads the version of %s', (text, major, minor, patch) => {
    expect(parseImageReference(text).version).toMatchObject({ major, minor, patch });
  });

  it.each(['a', 'a:latest', 'a:main', 'x:5000/a', 'a@sha256:0a1b'])('has no version for %s', (text) => {
    expect(parseImageReference(text).version).toBeUndefined();
  });

  it('never throws, and the name ends the repository', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9.:/@-]{0,30}$/)), (text) => {
        const { repository, name } = parseImageReference(text);
        expect(repository.endsWith(name)).toBe(true);
        expect(name).not.toContain('/');
      }),
    );
  });

  it('takes apart what was put together', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
    const reference = fc.record(
      {
        registry: fc.constantFrom('docker.io', 'localhost', 'reg.example.com:5000'),
        path: fc.array(word, { minLength: 1, maxLength: 3 }),
        tag: fc.constantFrom('v1.2.3', 'latest', '1.27.3-eksbuild.2'),
        digest: fc.constant('sha256:0a1b2c'),
      },
      { requiredKeys: ['path'] },
    );

    fc.assert(
      fc.property(reference, ({ registry, path, tag, digest }) => {
        fc.pre(registry !== undefined || path[0] !== 'localhost');
        const parsed: ImageReference = parseImageReference(
          `${registry === undefined ? '' : `${registry}/`}${path.join('/')}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`,
        );
        expect(parsed.registry).toBe(registry);
        expect(parsed.repository).toBe(path.join('/'));
        expect(parsed.tag).toBe(tag);
        expect(parsed.digest).toBe(digest);
      }),
    );
  });
});
