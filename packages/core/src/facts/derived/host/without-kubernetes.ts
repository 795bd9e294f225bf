import { cniConfProbe, proxyModeProbe } from '../../../probes/configuration.ts';
import { unitsProbe } from '../../../probes/system.ts';
import { type FactDefinition, known } from '../../fact.ts';
import { at } from '../../reader.ts';

/** Units of the kubelet, of distributions that carry their own, and the slice of its pods. */
const KUBERNETES_UNIT =
  /^(kubelet|k3s|k3s-agent|rke2-server|rke2-agent|k0s\w*|snap\.(microk8s|k8s|kubelet)\b.*|kube-proxy|kubepods.*)\.(service|slice|scope)$/;
/** Every host that systemd runs has these, so a list without them was shortened. */
const ALWAYS_LISTED = ['init.scope', 'systemd-journald.service'] as const;

/**
 * Whether the host is proven to run no Kubernetes: a whole list of its units has none of it, and nothing else in the
 * evidence speaks of it. False also where that is not proven.
 */
export const withoutKubernetes: FactDefinition<boolean> = {
  id: 'host.without-kubernetes',
  title: 'the host is proven to run no Kubernetes',
  level: 'node',
  compute(read) {
    const units = read.probe(unitsProbe);
    if (units.state !== 'read' || !units.complete) return known(false);
    const names = [...units.value.keys()];
    const unit = names.find((name) => KUBERNETES_UNIT.test(name));
    if (unit !== undefined) return known(false, at(units.file, units.value.get(unit) ?? {}));
    if (!ALWAYS_LISTED.some((name) => units.value.has(name))) return known(false);
    const isNode =
      read.nodeObject() !== undefined ||
      read.members(cniConfProbe).length > 0 ||
      read.probe(proxyModeProbe).state !== 'missing';
    return known(!isNode, at(units.file, {}));
  },
};
