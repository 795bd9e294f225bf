import { offloadFeature } from '../../../facts/derived/offload/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { factOutcome } from '../../fact-outcome.ts';

interface Parameters {
  readonly device: string;
  readonly feature: string;
  readonly is: 'on' | 'off';
}

/** Tests an offload feature of a device as `ethtool -k` prints it. */
export const offloadCondition: ConditionDefinition<Parameters> = {
  id: 'offload',
  description: 'An offload feature of a network device is on or off.',
  parameters: {
    type: 'object',
    required: ['device', 'feature', 'is'],
    additionalProperties: false,
    properties: {
      device: { type: 'string' },
      feature: {
        type: 'string',
        description: 'Name as ethtool -k prints it, for example tx-checksum-ip-generic.',
      },
      is: { enum: ['on', 'off'] },
    },
  },
  example: { device: 'vxlan.calico', feature: 'tx-checksum-ip-generic', is: 'on' },
  level: () => 'node',
  evaluate(read, { device, feature, is }) {
    const name = `${device}/${feature}`;
    return factOutcome(
      offloadFeature,
      name,
      read.fact(offloadFeature, name),
      `${feature} of ${device} is ${is}`,
      (value) => ({
        answer: value === is ? 'yes' : 'no',
        value: value ?? 'no such feature',
      }),
    );
  },
};
