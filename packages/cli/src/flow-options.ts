import type { TraceQuestion } from '@netvet/core';
import { type Command, Option } from 'commander';
import { wholeNumber } from './options.ts';

/** Options that say which packet is meant. */
export interface FlowOptions {
  readonly from?: string;
  readonly to?: string;
  readonly protocol?: string;
  readonly sourcePort?: number;
  readonly state?: 'new' | 'established';
  readonly in?: string;
  readonly size?: number;
}

/** Adds the options of a packet; `targets` tells what `--to` takes. */
export function addFlowOptions(command: Command, targets: string): Command {
  return command
    .option('--from <end>', 'node/NAME, pod/NAMESPACE/NAME, netns/NODE/NAME or an IP address')
    .option('--to <end>', `${targets}; with :PORT where a port makes sense`)
    .option('--protocol <name>', 'tcp, udp, icmp or sctp', 'tcp')
    .option('--source-port <port>', 'port that the packet comes from', wholeNumber)
    .addOption(
      new Option('--state <state>', 'whether packets of the connection went before').choices([
        'new',
        'established',
      ]),
    )
    .option('--in <interface>', 'where a packet from outside comes in: INTERFACE or NODE/INTERFACE')
    .option('--size <bytes>', 'bytes of the packet with its IP header (60)', wholeNumber);
}

/** The question that the options ask; undefined where one of its ends is missing. */
export function questionOf(options: FlowOptions): TraceQuestion | undefined {
  const { from, to, protocol, sourcePort, state, in: arrival, size } = options;
  if (from === undefined || to === undefined) return undefined;
  return {
    from,
    to,
    ...(protocol === undefined ? {} : { protocol }),
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(state === undefined ? {} : { state }),
    ...(arrival === undefined ? {} : { in: arrival }),
    ...(size === undefined ? {} : { size }),
  };
}
