import { type Command, Option } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { wholeNumber } from './options.ts';

/** The commands below `netvet lab`. The choices are written out, so that `--help` loads no lab. */
export function addLabCommands(lab: Command, done: (code: ExitCode) => void): void {
  lab
    .command('up')
    .description('build a small real cluster of network namespaces; needs root')
    .option('--name <name>', 'letters and digits', 'lab')
    .addOption(
      new Option('--mode <mode>', 'how pods reach pods of other nodes')
        .choices(['vxlan', 'cross-subnet', 'ipip', 'routed', 'bridge'])
        .default('vxlan'),
    )
    .addOption(
      new Option('--proxy <proxy>', 'what programs Services')
        .choices(['iptables-legacy', 'iptables-nft', 'nftables', 'ipvs', 'none'])
        .default('iptables-nft'),
    )
    .option('--nodes <count>', '2 or 3', wholeNumber)
    .option('--pods <count>', 'ordinary pods on each node', wholeNumber, 2)
    .option('--ipv6', 'IPv6 beside IPv4')
    .option('-q, --quiet', 'no messages')
    .action(async (options) => {
      done(await (await import('./commands/lab.ts')).labUp(options));
    });
  lab
    .command('break')
    .description('bring about a fault; netvet lab faults lists them')
    .argument('<name>', 'the lab')
    .argument('<fault>', 'the fault')
    .option('-q, --quiet', 'no messages')
    .action(async (name, fault, options) => {
      done(await (await import('./commands/lab.ts')).labBreak(name, fault, options));
    });
  lab
    .command('mend')
    .description('do what the remedy of a fault asks for between the nodes, or of pods')
    .argument('<name>', 'the lab')
    .argument('<fault>', 'the fault')
    .option('-q, --quiet', 'no messages')
    .action(async (name, fault, options) => {
      done(await (await import('./commands/lab.ts')).labMend(name, fault, options));
    });
  lab
    .command('faults')
    .description('list the faults that a lab can have')
    .action(async () => {
      done(await (await import('./commands/lab.ts')).labFaults());
    });
  lab
    .command('check')
    .description('send real packets and compare each with the walk through the evidence')
    .argument('<name>', 'the lab')
    .option('--flows <file>', 'a JSON array of { from, to, protocol, size } in place of the usual flows')
    .addOption(
      new Option('-o, --output <format>', 'form of the answer').choices(['text', 'json']).default('text'),
    )
    .option('--output-file <file>', 'write the answer to a file')
    .option('-q, --quiet', 'only what does not agree')
    .action(async (name, options) => {
      done(await (await import('./commands/lab.ts')).labCheck(name, options));
    });
  lab
    .command('collect')
    .description('write the evidence of a lab, as a collection on its nodes would find it')
    .argument('<name>', 'the lab')
    .requiredOption('--out <path>', 'a .tar.gz file, or a directory')
    .option('--force', 'replace what is there')
    .option('-q, --quiet', 'no messages')
    .action(async (name, options) => {
      done(await (await import('./commands/lab.ts')).labCollect(name, options));
    });
  lab
    .command('down')
    .description('remove a lab')
    .argument('[name]', 'the lab')
    .option('--all', 'all labs of this machine')
    .option('-q, --quiet', 'no messages')
    .action(async (name, options) => {
      done(await (await import('./commands/lab.ts')).labDown(name, options));
    });
  lab
    .command('list')
    .description('list the labs of this machine')
    .action(async () => {
      done(await (await import('./commands/lab.ts')).labList());
    });
  lab
    .command('kernel')
    .description('measure which known issues a kernel really has, in a machine of its own')
    .argument('<image>', 'a kernel package (.deb, .rpm), the folder of an unpacked one, or "running"')
    .option('--issue <issue...>', 'ids of issues, or names of reproductions; all where left out')
    .option('--timeout <seconds>', 'most time for the machine (900)', wholeNumber)
    .addOption(
      new Option('-o, --output <format>', 'form of the answer').choices(['text', 'json']).default('text'),
    )
    .option('--output-file <file>', 'write the answer to a file')
    .action(async (image, options) => {
      done(await (await import('./commands/lab-kernel.ts')).labKernel(image, options));
    });
  lab
    .command('agent', { hidden: true })
    .argument('<config>')
    .action(async (config) => {
      done(await (await import('./commands/lab.ts')).labAgent(config));
    });
}
