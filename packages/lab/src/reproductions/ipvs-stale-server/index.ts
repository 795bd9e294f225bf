import { buildBalancedService, PORT, SERVICE, serverAddress } from '../balanced-service.ts';
import type { Reproduction } from '../reproduction.ts';

const CLIENT_PORT = 33_334;

/** With conn_reuse_mode 0, a connection that reuses a port is taken for the old one, whose server it keeps. */
export const ipvsStaleServer: Reproduction = {
  name: 'ipvs-stale-server',
  issues: ['kube-proxy/ipvs-port-reuse-stale-backend'],
  method:
    'connects, sets the weight of the server that answered to 0 and connects from the same port; with conn_reuse_mode 0 it answers again',
  async run(bed) {
    const servers = ['one', 'two'];
    const problem = await buildBalancedService(bed, { conn_reuse_mode: 0 }, servers);
    if (problem !== undefined) return { result: 'not-possible', measured: problem };
    const { answer } = await bed.connect('client', SERVICE, PORT, CLIENT_PORT);
    const index = servers.indexOf(answer);
    if (index < 0) return { result: 'not-possible', measured: 'the first connect fails' };
    await bed.run('node', `ipvsadm -e -t ${SERVICE}:${PORT} -r ${serverAddress(index)}:${PORT} -m -w 0`);
    const second = await bed.connect('client', SERVICE, PORT, CLIENT_PORT);
    if (second.answer === '') return { result: 'not-possible', measured: 'the second connect fails' };
    return second.answer === answer
      ? { result: 'present', measured: `server ${answer} answers again although its weight is 0` }
      : {
          result: 'absent',
          measured: `server ${second.answer} answers in place of ${answer}, whose weight is 0`,
        };
  },
};
