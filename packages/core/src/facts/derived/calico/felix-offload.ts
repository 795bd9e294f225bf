import {
  compareFelixKernels,
  parseRange,
  rangeContains,
  type Version,
  type VersionRange,
} from '../../../versions/index.ts';
import { type Fact, type FactDefinition, from, known, knownUncertain, unknown } from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import { versionOf } from '../components/versions.ts';
import { kernel } from '../kernel/index.ts';

/** What Felix does with TX checksum offload of a tunnel device when nobody tells it otherwise. */
export type FelixOffload = 'left-on' | 'switched-off';

/** On which kernels a release takes offload for broken: never, always, by its number. */
type Broken = 'never' | 'always' | 'below-5.7.0' | 'up-to-5.7.0';

interface Row {
  readonly releases: VersionRange;
  readonly vxlan: Broken;
  readonly ipip: Broken;
}

/**
 * Felix's `ChecksumOffloadBroken` and the devices it is used for, by release. The value changed back and forth:
 * https://github.com/projectcalico/felix/pull/2811, https://github.com/projectcalico/calico/pull/6842,
 * https://github.com/projectcalico/calico/pull/8746, https://github.com/projectcalico/calico/pull/9037,
 * https://github.com/projectcalico/calico/pull/9102; for tunl0 https://github.com/projectcalico/calico/pull/8031.
 */
const TABLE: readonly Row[] = [
  row('<3.19.2', 'never', 'never'),
  row('>=3.19.2 <3.24.6', 'below-5.7.0', 'never'),
  row('>=3.24.6 <3.28.0', 'always', 'never'),
  row('=3.28.0', 'up-to-5.7.0', 'never'),
  row('=3.28.1', 'always', 'never'),
  row('>=3.28.2 <3.29.0', 'up-to-5.7.0', 'never'),
  row('>=3.29.0', 'up-to-5.7.0', 'up-to-5.7.0'),
];

function row(releases: string, vxlan: Broken, ipip: Broken): Row {
  const range = parseRange(releases);
  if (!range.ok) throw new Error(`range ${releases}: ${range.reason}`);
  return { releases: range.range, vxlan, ipip };
}

/** Whether Felix of this release switches the offload off by itself on this kernel. Parameter: the tunnel device. */
export const felixOffload: FactDefinition<FelixOffload> = {
  id: 'calico.felix-offload',
  title: 'what Felix does with checksum offload',
  parameter: 'vxlan.calico or tunl0',
  level: 'node',
  compute(read, device) {
    const definition = versionOf('calico-node');
    if (definition === undefined) throw new Error('calico-node has no version fact');
    const release = read.fact(definition);
    if (release.state === 'unknown') return release;
    const rule = ruleFor(release.value.version, device);
    if (rule === undefined) {
      return unknown({
        fact: `patch release of calico-node ${release.value.text}`,
        command: 'kubectl get pods -A -o json',
      });
    }
    const decided = onKernel(read, rule.broken);
    if (decided.state === 'unknown') return decided;
    const origins = [from(definition), ...decided.origins];
    return rule.uncertain === undefined
      ? known(decided.value, ...origins)
      : knownUncertain(decided.value, rule.uncertain, ...origins);
  },
};

interface Rule {
  readonly broken: Broken;
  readonly uncertain?: string;
}

/** Undefined where only the minor release is known and its patch releases differ. A pre-release counts as the older side. */
function ruleFor(version: Version, device: string): Rule | undefined {
  const rows = TABLE.map((one) => ({ one, held: rangeContains(one.releases, version) })).filter(
    ({ held }) => held.answer !== 'out',
  );
  const rules = rows.map(({ one, held }): Rule => {
    const broken = device === 'tunl0' ? one.ipip : one.vxlan;
    return held.answer === 'in' ? { broken } : { broken, uncertain: held.reason };
  });
  const [first] = rules;
  if (first === undefined) return undefined;
  const same = rules.every(({ broken }) => broken === first.broken);
  if (!same) return version.patchMissing === true ? undefined : first;
  return version.patchMissing === true ? { broken: first.broken } : first;
}

function onKernel(read: Reader, broken: Broken): Fact<FelixOffload> {
  if (broken === 'never') return known('left-on');
  if (broken === 'always') return known('switched-off');
  const release = read.fact(kernel);
  if (release.state === 'unknown') return release;
  const order = compareFelixKernels(release.value.raw, '5.7.0');
  if (order === undefined) return unknown({ fact: 'kernel number', command: 'uname -r', where: 'node' });
  const counts = broken === 'below-5.7.0' ? order < 0 : order <= 0;
  return known(counts ? 'switched-off' : 'left-on', from(kernel));
}

/** Whether the kernel's number is at most 5.7.0 as Felix reads it, which is where newer releases take offload for broken. */
export const brokenKernelNumber: FactDefinition<boolean> = {
  id: 'calico.kernel-counts-as-broken',
  title: 'kernel that Felix takes for broken with IPIP offload (5.7.0 or older)',
  level: 'node',
  compute(read) {
    const decided = onKernel(read, 'up-to-5.7.0');
    return decided.state === 'unknown'
      ? decided
      : known(decided.value === 'switched-off', ...decided.origins);
  },
};
