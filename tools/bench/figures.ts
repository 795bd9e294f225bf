/** One measured figure and the limit it must keep. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
  readonly note?: string;
}

/** The figures as a Markdown table, ready for docs/performance.md. */
export function formatFigures(figures: readonly Figure[], machine: string, date: string): string {
  const rows = figures.map(
    ({ name, value, unit, limit, note }) =>
      `| ${name} | ${value.toFixed(2)} ${unit} | ${limit} ${unit} | ${value <= limit ? 'met' : 'missed'} | ${note ?? ''} |`,
  );
  return [
    `Measured on ${date}: ${machine}.`,
    '',
    '| figure | measured | at most | | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
