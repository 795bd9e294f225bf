import { parseVersion, type Version } from '../schemes/semver/index.ts';

/** An image reference taken apart. */
export interface ImageReference {
  readonly raw: string;
  /** `docker.io`, `myreg:5000`; absent where the text names none. */
  readonly registry?: string;
  /** Path without registry: `calico/node`. */
  readonly repository: string;
  /** Last part of the path: `node`. */
  readonly name: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
  /** Release the tag names; absent for no tag, `latest`, and tags that are not a release. */
  readonly version?: Version;
}

/**
 * Takes an image reference apart: `myreg:5000/a/kube-proxy-amd64:v1.27.3@sha256:…` has the registry `myreg:5000`, the
 * repository `a/kube-proxy-amd64`, its tag, digest and version 1.27.3.
 * Never fails: what is missing or makes no sense is absent. A bare digest (a container's `imageID`) has an empty name.
 */
export function parseImageReference(text: string): ImageReference {
  // Container status of the docker era: `docker-pullable://repo@sha256:…`, `docker://sha256:…`.
  const raw = text.trim();
  const reference = raw.replace(/^[a-z][a-z-]*:\/\//, '');
  const { rest: tagged, digest } = splitDigest(reference);
  const slash = tagged.lastIndexOf('/');
  const colon = tagged.indexOf(':', slash + 1);
  const tag = colon < 0 ? '' : tagged.slice(colon + 1);
  const path = colon < 0 ? tagged : tagged.slice(0, colon);
  const { registry, repository } = splitRegistry(path);
  const version = parseVersion(tag);
  return {
    raw,
    ...(registry === undefined ? {} : { registry }),
    repository,
    name: repository.slice(repository.lastIndexOf('/') + 1),
    ...(tag === '' ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    ...(version === undefined ? {} : { version }),
  };
}

function splitDigest(text: string): { rest: string; digest?: string } {
  const at = text.indexOf('@');
  if (at >= 0) {
    const digest = text.slice(at + 1);
    return digest === '' ? { rest: text.slice(0, at) } : { rest: text.slice(0, at), digest };
  }
  return /^sha(?:256|384|512):[0-9a-f]+$/.test(text) ? { rest: '', digest: text } : { rest: text };
}

/** As container runtimes do: the first part is a registry if it has a dot or a port, or is `localhost`. */
function splitRegistry(path: string): { registry?: string; repository: string } {
  const slash = path.indexOf('/');
  const first = slash < 0 ? '' : path.slice(0, slash);
  const isRegistry = first === 'localhost' || first.includes('.') || first.includes(':');
  return isRegistry ? { registry: first, repository: path.slice(slash + 1) } : { repository: path };
}
