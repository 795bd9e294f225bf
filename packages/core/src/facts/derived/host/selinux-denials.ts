import { journalProbe } from '../../../probes/system.ts';
import { distributionOf } from '../../../versions/index.ts';
import { type FactDefinition, from, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';
import { operatingSystem } from '../operating-system/index.ts';

/** A container that may not write below /etc/cni/net.d or /opt/cni/bin. */
const DENIED =
  /avc:\s+denied\s+\{[^}]*\b(?:write|create|add_name)\b[^}]*\}.*scontext=\S*container_t\S*.*tcontext=\S*:(?:usr_t|etc_t|cni_conf\w*|bin_t)\b/;
const CNI_NAME = /name="(?:bin|net\.d|[^"]*(?:cni|conflist|kubeconfig)[^"]*)"/;
/** Distributions without SELinux, unless somebody installed it. */
const WITHOUT = new Set(['ubuntu', 'debian', 'sles', 'opensuse-leap', 'photon', 'alpine']);

/** Audit records of SELinux that kept a CNI installer from its directories. That none is found proves nothing where SELinux is. */
export const cniDenials: FactDefinition<readonly string[]> = {
  id: 'host.selinux-cni-denials',
  title: 'SELinux denials of CNI installers',
  level: 'node',
  format: (lines) => lines[0] ?? 'none',
  compute(read) {
    const journal = read.probe(journalProbe);
    const found =
      journal.state === 'read'
        ? journal.value.filter(({ text }) => DENIED.test(text) && CNI_NAME.test(text))
        : [];
    if (journal.state === 'read' && found.length > 0) {
      return known(
        found.slice(0, 3).map(({ text }) => text.slice(0, 200)),
        ...found.slice(0, 3).map((line) => at(journal.file, line)),
      );
    }
    const os = read.fact(operatingSystem);
    if (os.state === 'known' && WITHOUT.has(distributionOf(os.value).id))
      return known([], from(operatingSystem));
    return unknown({
      fact: 'SELinux denials of CNI installers',
      command: 'ausearch -m avc -c install (and getenforce, ls -Zd /etc/cni/net.d /opt/cni/bin)',
      where: 'node',
    });
  },
};
