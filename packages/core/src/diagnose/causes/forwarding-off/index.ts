import type { CauseDefinition } from '../cause.ts';

/** A node or router that does not pass on what is not for itself. */
export const forwardingOff: CauseDefinition = {
  id: 'forwarding-off',
  title: 'forwarding is off',
  find({ trail, direction }) {
    const { end, steps } = trail;
    if (end.reason !== 'forwarding-off') return [];
    const { namespace, device = '', packet } = end;
    const isV6 = packet.destination.family === 6;
    const perDevice = `net.ipv4.conf.${device}.forwarding`;
    const own = isV6 ? undefined : namespace.settings.number(perDevice);
    const isOnElsewhere = own === 0 && namespace.settings.number('net.ipv4.ip_forward') === 1;
    const key = isV6 ? 'net.ipv6.conf.all.forwarding' : isOnElsewhere ? perDevice : 'net.ipv4.ip_forward';
    return [
      {
        cause: 'forwarding-off',
        effect: 'blocks',
        direction,
        subject: { kind: 'node', name: namespace.node },
        text: `${key} is 0 on ${namespace.node}, so it drops every packet that comes in by ${device} and is not for itself`,
        evidence: steps.at(-1)?.evidence ?? [],
        remedies: [
          {
            kind: 'set-sysctl',
            text: `Turn forwarding on, and keep it on in a file below /etc/sysctl.d.`,
            command: `sysctl -w ${key}=1`,
            where: { node: namespace.node, ...(namespace.name === '' ? {} : { netns: namespace.name }) },
            files: [{ path: '/etc/sysctl.d/90-forwarding.conf', content: `${key} = 1\n` }],
          },
        ],
      },
    ];
  },
};
