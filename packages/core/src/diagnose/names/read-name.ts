/** A name as it was asked for. */
export type DnsName = { readonly port?: number } & (
  | {
      readonly kind: 'service';
      /** `web.default.svc.cluster.local` */
      readonly full: string;
      readonly namespace: string;
      readonly service: string;
      /** One pod behind a headless service: `db-0` of `db-0.db.default.svc`. */
      readonly member?: string;
    }
  | { readonly kind: 'external'; readonly full: string }
);

/** What the reading of a name depends on. */
export interface NameContext {
  readonly domain: string;
  /** Namespace of the pod that asks, in which a lone label is looked up. */
  readonly namespace: string | undefined;
  /** Whether a namespace of this name is known. */
  hasNamespace(name: string): boolean;
}

const LABEL = '[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?';
const NAME = new RegExp(`^(${LABEL}(?:\\.${LABEL})*)\\.?(?::(\\d{1,5}))?$`, 'i');

/**
 * Reads `web`, `web.default`, `web.default.svc`, `web.default.svc.cluster.local:80`, `db-0.db.default.svc` and names of the
 * outside, as the search list of a pod completes them. Undefined for what is no name.
 */
export function readName(
  text: string,
  { domain, namespace, hasNamespace }: NameContext,
): DnsName | undefined {
  const [, written = '', digits] = NAME.exec(text) ?? [];
  const name = written.toLowerCase();
  const port = digits === undefined ? undefined : Number(digits);
  // The last label of a name is never a number (RFC 3696), so that addresses are no names.
  if (name === '' || /(?:^|\.)\d+$/.test(name) || (port !== undefined && port > 65_535)) return undefined;
  const at = port === undefined ? {} : { port };
  const bare = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name;
  const labels = bare.split('.');
  const isOfServices = labels.at(-1) === 'svc';
  if (bare !== name && !isOfServices) return { kind: 'external', full: name, ...at };
  const [first = '', second = '', third] = isOfServices ? labels.slice(0, -1) : labels;
  const own = (service: string, inNamespace: string, member?: string): DnsName => ({
    kind: 'service',
    full: `${member === undefined ? '' : `${member}.`}${service}.${inNamespace}.svc.${domain}`,
    namespace: inNamespace,
    service,
    ...(member === undefined ? {} : { member }),
    ...at,
  });
  if (isOfServices && labels.length === 3) return own(first, second);
  if (isOfServices && labels.length === 4) return own(second, third ?? '', first);
  if (labels.length === 1) return namespace === undefined ? undefined : own(first, namespace);
  if (labels.length === 2 && hasNamespace(second)) return own(first, second);
  return { kind: 'external', full: name, ...at };
}
