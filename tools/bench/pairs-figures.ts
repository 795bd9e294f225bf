import type { Figure } from './figures.ts';

interface PairsMeasurement {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly pairs: number;
  readonly walks: number;
}

type Measure = (script: string, ...words: readonly string[]) => PairsMeasurement;

/** Who can not reach whom in a large cluster, and how time grows with twice the nodes. */
export function pairsFigures(measure: Measure): readonly Figure[] {
  const whole = measureNodes(measure, 1000);
  const [quarter, half] = [measureNodes(measure, 250), measureNodes(measure, 500)];
  const growth = (half.cpuSeconds / quarter.cpuSeconds).toFixed(1);
  const peak = (whole.peakMiB / 1024).toFixed(1);
  return [
    {
      name: '1,000 nodes, 30,000 pods, 5,000 services: all pairs by class',
      value: whole.cpuSeconds,
      unit: 's CPU',
      limit: 10,
      note: `${whole.pairs} pairs by ${whole.walks} walks, peak ${peak} GiB; ${growth} × from 250 to 500 nodes`,
    },
  ];
}

/** With 30 pods and 5 services for each node. */
function measureNodes(measure: Measure, nodes: number): PairsMeasurement {
  return measure('measure-pairs.ts', ...[nodes, nodes * 30, nodes * 5].map(String));
}
