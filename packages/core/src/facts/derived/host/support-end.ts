import { distributionOf, endOfLife, type OsIdentity } from '../../../versions/index.ts';
import { type FactDefinition, from, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { inObject, type Reader } from '../../reader.ts';
import { operatingSystem } from '../operating-system/index.ts';

/** When the distribution release of a node stops getting updates. */
export interface SupportEnd {
  /** `centos 7` */
  readonly release: string;
  /** Last day, `2024-06-30`. */
  readonly date: string;
  readonly extended?: { readonly date: string; readonly program: string };
}

/** Display names that the Node object shows, where they tell distribution and release without doubt. */
const DISPLAY_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^CentOS Linux (\d+)/, 'centos'],
  [/^CentOS Stream (\d+)/, 'centos-stream'],
  [/^Red Hat Enterprise Linux(?: Server)? (\d+)/, 'rhel'],
  [/^Rocky Linux (\d+)/, 'rocky'],
  [/^AlmaLinux (\d+)/, 'almalinux'],
  [/^Oracle Linux Server (\d+)/, 'ol'],
  [/^Ubuntu (\d+\.\d+)/, 'ubuntu'],
  [/^Debian GNU\/Linux (\d+)/, 'debian'],
  [/^Fedora Linux (\d+)/, 'fedora'],
  [/^Amazon Linux (\d+)/, 'amzn'],
  [/^SUSE Linux Enterprise Server (\d+ SP\d+|\d+\.\d+)/, 'sles'],
  [/^openSUSE Leap (\d+\.\d+)/, 'opensuse-leap'],
  [/^Container Linux by CoreOS (\S+)/, 'coreos'],
];

/** End of standard support of the node's distribution release. Unknown for rolling releases and where no date is listed. */
export const supportEnd: FactDefinition<SupportEnd> = {
  id: 'os.support-end',
  title: 'end of support of the operating system',
  level: 'node',
  key: ({ release, date }) => `${release} ${date}`,
  format: ({ release, date, extended }) =>
    `${release}: ${date}${extended === undefined ? '' : `, ${extended.program} until ${extended.date}`}`,
  compute(read) {
    const found = identity(read);
    if (found === undefined) {
      return unknown({ fact: 'operating system', command: 'cat /etc/os-release', where: 'node' });
    }
    const { id, release } = distributionOf(found.os);
    const end = endOfLife(id, release);
    const name = release === undefined ? id : `${id} ${release}`;
    if (end === undefined) {
      return unknown({
        fact: `end of support of ${name}`,
        command: 'cat /etc/os-release, then look up the life cycle of that release at its vendor',
        where: 'node',
      });
    }
    const { date, extended } = end;
    return known({ release: name, date, ...(extended === undefined ? {} : { extended }) }, found.origin);
  },
};

function identity(read: Reader): { os: OsIdentity; origin: Origin | ReturnType<typeof from> } | undefined {
  const os = read.fact(operatingSystem);
  if (os.state === 'known') return { os: os.value, origin: from(operatingSystem) };
  const node = read.nodeObject();
  const image = (node?.object.status as { nodeInfo?: { osImage?: unknown } } | undefined)?.nodeInfo?.osImage;
  if (node === undefined || typeof image !== 'string') return undefined;
  for (const [pattern, id] of DISPLAY_NAMES) {
    const versionId = pattern.exec(image)?.[1]?.replace(' SP', '.');
    if (versionId !== undefined)
      return { os: { id, versionId }, origin: inObject(node, '/status/nodeInfo/osImage') };
  }
  return undefined;
}

/** Whether standard support had ended when the evidence was taken. */
export const supportEnded: FactDefinition<boolean> = {
  id: 'os.support-ended',
  title: 'support of the operating system has ended',
  level: 'node',
  compute(read) {
    const end = read.fact(supportEnd);
    if (end.state === 'unknown') return end;
    const today = read.takenAt.slice(0, 10);
    const { date, extended } = end.value;
    if (today <= date) return known(false, from(supportEnd));
    return extended !== undefined && today <= extended.date
      ? knownUncertain(true, `the host may be enrolled in ${extended.program}`, from(supportEnd))
      : known(true, from(supportEnd));
  },
};
