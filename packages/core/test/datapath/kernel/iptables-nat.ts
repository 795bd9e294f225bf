import { anyBackend, type Scene } from './scene.ts';

/** Rules of the table nat: services as kube-proxy programs them, and translations of their own. */
export function randomNat(scene: Scene): readonly string[] {
  const { addresses } = scene;
  return [
    ...['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT`),
    ':SERVICES -',
    ':MASQ -',
    ...addresses.services.map((_, index) => `:SVC${index} -`),
    '-A PREROUTING -j SERVICES',
    '-A OUTPUT -j SERVICES',
    '-A MASQ -j MARK --set-xmark 0x4000/0x4000',
    ...addresses.services.flatMap((service, index) => serviceRules(scene, service, index)),
    ...otherRules(scene),
  ];
}

function serviceRules(scene: Scene, service: string, index: number): readonly string[] {
  const { random, addresses } = scene;
  const protocol = random.pick(['udp', 'tcp']);
  const host = `${service}/${addresses.full}`;
  const match = `-p ${protocol} -m ${protocol} --dport 80`;
  const rules: string[] = [];
  if (random.chance(0.4)) rules.push(`-A SERVICES ! -s ${addresses.allPods} -d ${host} ${match} -j MASQ`);
  rules.push(`-A SERVICES -d ${host} ${match} -j SVC${index}`);
  // A service with one port for everything.
  if (random.chance(0.3)) rules.push(`-A SERVICES -d ${host} -j SVC${index}`);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const chance = left > 1 ? `-m statistic --mode random --probability ${(1 / left).toFixed(10)} ` : '';
    const backend = anyBackend(scene);
    if (random.chance(0.3)) rules.push(`-A SVC${index} -s ${backend}/${addresses.full} -j MASQ`);
    rules.push(
      random.chance(0.7)
        ? `-A SVC${index} -p ${protocol} ${chance}-j DNAT --to-destination ${addresses.withPort(backend, 8080)}`
        : `-A SVC${index} ${chance}-j DNAT --to-destination ${backend}`,
    );
  }
  return rules;
}

function otherRules({ random, addresses, hosts }: Scene): readonly string[] {
  const rules: string[] = [];
  const some = (chance: number, text: string): void => {
    if (random.chance(chance)) rules.push(text);
  };
  const protocol = random.pick(['udp', 'tcp']);
  some(0.4, `-A SERVICES -p ${protocol} -m addrtype --dst-type LOCAL -m ${protocol} --dport 9999 -j SVC0`);
  some(
    0.2,
    `-A PREROUTING -d ${addresses.nobody[0]}/${addresses.full} -p udp -m udp --dport 53 -j REDIRECT --to-ports 8080`,
  );
  some(
    0.1,
    `-A OUTPUT -d ${addresses.nobody[0]}/${addresses.full} -p ${protocol} -j REDIRECT --to-ports 8080`,
  );
  some(0.8, '-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE');
  some(0.3, `-A POSTROUTING -s ${addresses.allPods} ! -d ${addresses.allPods} -j MASQUERADE`);
  some(0.1, `-A POSTROUTING -p udp -s ${random.pick(hosts)} -j MASQUERADE --random-fully`);
  some(0.1, `-A POSTROUTING -s ${random.pick(hosts)} -j SNAT --to-source ${random.pick(hosts)}`);
  some(
    0.15,
    `-A INPUT -s ${random.pick(hosts)}/${addresses.full} -p udp -j SNAT --to-source ${addresses.routedPod(1, 89)}`,
  );
  return rules;
}
