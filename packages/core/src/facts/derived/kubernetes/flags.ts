import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject } from '../../reader.ts';
import { containersOfComponent } from '../kube-proxy/containers.ts';
import { flagsOfContainer } from './command-line.ts';

/** A flag of a control plane component, parameter `<component>/<flag>`; null: not set. Every instance must agree. */
export const controlPlaneFlag: FactDefinition<string | null> = {
  id: 'kubernetes.flag',
  title: 'flag of the control plane',
  parameter: 'component/flag, for example kube-apiserver/enable-admission-plugins',
  level: 'cluster',
  compute(read, parameter) {
    const [component = '', flag = ''] = parameter.split('/');
    const found = containersOfComponent(read.objects('pods'), component, 'pod').map((container) => ({
      flag: flagsOfContainer(container).get(flag),
      origin: inObject(container.stored, container.pointer),
    }));
    const values = new Set(found.map((one) => one.flag?.values.join(',')));
    const [first] = found;
    if (first === undefined || values.size > 1) {
      return unknown({
        fact: `flag --${flag} of ${component}`,
        command: `kubectl -n kube-system get pods -l component=${component} -o json`,
      });
    }
    return known(first.flag?.values.join(',') ?? null, ...found.map((one) => one.flag?.origin ?? one.origin));
  },
};
