import type { OsRelease } from '../../../parsers/os-release/index.ts';
import { osReleaseProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/** The distribution a node runs, as `/etc/os-release` tells it. */
export interface OperatingSystem {
  readonly id: string;
  readonly versionId?: string;
  readonly idLike: readonly string[];
  readonly name?: string;
  readonly prettyName?: string;
  readonly variantId?: string;
  /** `PLATFORM_ID`, which names the RHEL major of clones: `platform:el9`. */
  readonly platformId?: string;
}

/**
 * Operating system from `/etc/os-release`. The Node object's `osImage` is only a display name and is not read as
 * an id.
 */
export const operatingSystem: FactDefinition<OperatingSystem> = {
  id: 'os',
  title: 'operating system',
  level: 'node',
  key: (os) => JSON.stringify(os),
  format: (os) => os.prettyName ?? `${os.id} ${os.versionId ?? ''}`.trim(),
  fromText(text) {
    const [id = '', versionId] = text.split(':');
    if (id === '') return undefined;
    return { id, idLike: [], ...(versionId === undefined ? {} : { versionId }) };
  },
  compute(read) {
    const probe = read.probe(osReleaseProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const { id } = probe.value;
    if (id === undefined)
      return unknown({ fact: 'operating system', command: 'cat /etc/os-release', where: 'node' });
    const line = probe.value.fields.get('VERSION_ID')?.line ?? probe.value.fields.get('ID')?.line;
    return known(plain(id, probe.value), at(probe.file, line === undefined ? {} : { line }));
  },
};

function plain(id: string, release: OsRelease): OperatingSystem {
  const { versionId, name, prettyName, variantId } = release;
  const platformId = release.fields.get('PLATFORM_ID')?.value;
  return {
    id,
    idLike: release.idLike,
    ...(versionId === undefined ? {} : { versionId }),
    ...(name === undefined ? {} : { name }),
    ...(prettyName === undefined ? {} : { prettyName }),
    ...(variantId === undefined ? {} : { variantId }),
    ...(platformId === undefined ? {} : { platformId }),
  };
}
