import { describe, expect, it } from 'vitest';
import { readName } from './read-name.ts';

const context = {
  domain: 'cluster.local',
  namespace: 'shop',
  hasNamespace: (name: string) => name === 'default',
};
const web = { kind: 'service', full: 'web.default.svc.cluster.local', namespace: 'default', service: 'web' };

describe('a name', () => {
  it.each([
    ['web.default', web],
    ['web.default.svc', web],
    ['Web.default.svc.cluster.local.', web],
    ['web.default.svc.cluster.local:80', { ...web, port: 80 }],
    ['web', { ...web, full: 'web.shop.svc.cluster.local', namespace: 'shop' }],
    [
      'db-0.db.default.svc',
      {
        kind: 'service',
        full: 'db-0.db.default.svc.cluster.local',
        namespace: 'default',
        service: 'db',
        member: 'db-0',
      },
    ],
    ['web.unheard-of.svc', { ...web, full: 'web.unheard-of.svc.cluster.local', namespace: 'unheard-of' }],
    ['example.com', { kind: 'external', full: 'example.com' }],
    ['www.example.com:443', { kind: 'external', full: 'www.example.com', port: 443 }],
  ])('%s', (text, name) => {
    expect(readName(text, context)).toEqual(name);
  });

  it.each(['10.0.0.1', '10.0.0.1:80', 'a..b', '-a.b', 'web.default:70000', 'pod/default/web', ''])(
    'is not %j',
    (text) => {
      expect(readName(text, context)).toBeUndefined();
    },
  );

  it('of one label needs a pod that asks', () => {
    expect(readName('web', { ...context, namespace: undefined })).toBeUndefined();
  });
});
