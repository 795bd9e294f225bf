import { createHash } from 'node:crypto';

/** A Kubernetes object as the API gives it. */
export type KubernetesObject = Readonly<Record<string, unknown>>;

/** When everything in a lab was made; the same in every lab, so that the same lab has the same objects. */
const CREATED = '2026-01-01T00:00:00Z';

export interface MetaOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** `metadata` of an object. */
export function meta(
  kind: string,
  namespace: string | undefined,
  name: string,
  options: MetaOptions = {},
): object {
  const digits = createHash('sha256')
    .update(`${kind}/${namespace ?? ''}/${name}`)
    .digest('hex');
  const uid = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ];
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uid.join('-'),
    resourceVersion: '1',
    creationTimestamp: CREATED,
    ...options,
  };
}

/** A list of objects of the API. */
export function list(apiVersion: string, kind: string, items: readonly object[]): string {
  const whole = {
    apiVersion,
    kind: `${kind}List`,
    metadata: { resourceVersion: '1' },
    items: items.map((item) => ({ apiVersion, kind, ...item })),
  };
  return `${JSON.stringify(whole, null, 1)}\n`;
}

/** A condition with its time. */
export function condition(type: string, isTrue: boolean): object {
  return { type, status: isTrue ? 'True' : 'False', lastTransitionTime: CREATED };
}
