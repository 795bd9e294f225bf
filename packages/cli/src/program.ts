import { Command, Option } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { addFlowOptions } from './flow-options.ts';
import { addLabCommands } from './lab-program.ts';
import { addFilterOptions, addLimitOptions, addReportOptions, wholeNumber } from './options.ts';
import { VERSION } from './version.ts';

const SOURCE =
  'node (this host), or a directory, snapshot or support bundle; - reads an archive from standard input';

/** The `netvet` command. Work is loaded when a command runs, so that `--help` stays quick. */
export function buildProgram(done: (code: ExitCode) => void): Command {
  const program = new Command('netvet')
    .description('Tells which known network issues a Kubernetes node or cluster has, with proof.')
    .version(VERSION)
    .showHelpAfterError('(netvet --help shows what is possible)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  const scan = program
    .command('scan')
    .description('evaluate every known issue against a source and report findings')
    .argument('<source>', SOURCE);
  addLimitOptions(addReportOptions(scan)).action(async (source, options) => {
    done(await (await import('./commands/scan.ts')).scan(source, options));
  });

  const collect = program
    .command('collect')
    .description('collect evidence, without any verdict, to scan elsewhere');
  addCollectCommands(collect, done);

  addFilterOptions(
    program.command('issues').description('list known issues').argument('[words...]', 'words to find'),
  )
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async (words, options) => {
      done(await (await import('./commands/issues.ts')).listKnownIssues(words, options));
    });

  program
    .command('explain')
    .description('one known issue whole: mechanism, symptoms, proof, remedies, references')
    .argument('<issue>', 'id or alias')
    .option('-o, --output <format>', 'text or json', 'text')
    .option('--catalogue <pack>', 'another catalogue')
    .option('--no-color', 'no colours')
    .action(async (issue, options) => {
      done(await (await import('./commands/explain.ts')).explain(issue, options));
    });

  program
    .command('symptom')
    .description('rank known issues by what you see: "63 seconds", a log line, "1s delay"')
    .argument('<words...>', 'the symptom; a last word that is a source is scanned for the candidates')
    .option('-o, --output <format>', 'text or json', 'text')
    .option('--catalogue <pack>', 'another catalogue')
    .option('--no-color', 'no colours')
    .action(async (words, options) => {
      done(await (await import('./commands/symptom.ts')).symptom(words, options));
    });

  addFlowOptions(
    addLimitOptions(
      program
        .command('trace')
        .description('walk a packet through the collected state, hop by hop')
        .argument('<source>', SOURCE),
    ),
    'the same, or service/NAMESPACE/NAME',
  )
    .option('--flows <file>', 'a JSON array of questions, in place of --from and --to')
    .addOption(answerForm())
    .option('--output-file <file>', 'write the answer to a file')
    .option('-q, --quiet', 'no messages')
    .action(async (source, options) => {
      done(await (await import('./commands/trace.ts')).trace(source, options));
    });

  addFlowOptions(
    addLimitOptions(
      program
        .command('diagnose')
        .description(
          'walk a packet and its answer, and name what loses them, with proof and remedy; without --from and --to: who can not reach whom',
        )
        .argument('<source>', SOURCE),
    ),
    'the same, service/NAMESPACE/NAME, or a DNS name as web.default or web.default.svc',
  )
    .addOption(answerForm())
    .option('--output-file <file>', 'write the answer to a file')
    .option('--strict', 'exit with 4 where nobody knows whether the packet arrives')
    .option('-q, --quiet', 'no messages')
    .action(async (source, options) => {
      done(await (await import('./commands/diagnose.ts')).diagnose(source, options));
    });

  addReportOptions(
    program
      .command('preflight')
      .description('the same checks on a cluster that does not exist yet')
      .argument(
        '<facts...>',
        'KEY=VALUE, for example kubernetes=1.27.3 proxy-mode=ipvs kernel=5.4.0 calico=3.19.0',
      ),
  ).action(async (facts, options) => {
    done(await (await import('./commands/preflight.ts')).preflight(facts, options));
  });

  addLabCommands(
    program
      .command('lab')
      .description('small real clusters of network namespaces: build, break and check them'),
    done,
  );

  program
    .command('completion')
    .description('print a completion script for a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell) => {
      done(await (await import('./commands/completion.ts')).completion(shell, program));
    });
  return program;
}

function answerForm(): Option {
  return new Option('-o, --output <format>', 'form of the answer').choices(['text', 'json']).default('text');
}

function addCollectCommands(collect: Command, done: (code: ExitCode) => void): void {
  collect
    .command('node')
    .description('run the probes on this host: read-only, as root or not')
    .option('--out <file>', 'a .tar.gz file, or a directory that ends in a slash')
    .option('--force', 'replace what is there')
    .option('--timeout <seconds>', 'most time for one probe', wholeNumber)
    .option('--max-bytes <bytes>', 'most output of one probe', wholeNumber)
    .option('-q, --quiet', 'no messages')
    .action(async (options) => {
      done(await (await import('./commands/collect.ts')).collectFromNode(options));
    });
  collect
    .command('script')
    .description('print a POSIX shell script that collects the same on a host without Node')
    .option('--output-file <file>', 'write the script to a file')
    .action(async (options) => {
      done(await (await import('./commands/collect.ts')).printScript(options));
    });
}
