import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ReportContext } from '../format.ts';
import { SAMPLES } from '../samples/index.ts';
import { FORMATS } from './index.ts';

const plain = { colour: false, width: 100, verbose: false, quiet: false };

interface Variant {
  readonly name: string;
  readonly context: Omit<ReportContext, 'issues'>;
  readonly samples: readonly string[];
}

const ALL = SAMPLES.map(({ name }) => name);
/** These have a part for each finding: the large sample would be a golden file of megabytes. */
const EACH_FINDING = new Set(['json', 'yaml', 'sarif', 'junit']);
/** Only text heeds colour and width, and only it and the documents for people heed the amount. */
const TEXT_VARIANTS: readonly Variant[] = [
  { name: '.verbose', context: { ...plain, verbose: true }, samples: ['typical'] },
  { name: '.quiet', context: { ...plain, quiet: true }, samples: ['typical', 'empty'] },
  { name: '.colour', context: { ...plain, colour: true }, samples: ['typical', 'hostile'] },
  { name: '.narrow', context: { ...plain, width: 60 }, samples: ['typical', 'large'] },
];

const CASES = FORMATS.flatMap((format) => {
  const variants: readonly Variant[] = [
    {
      name: '',
      context: plain,
      samples: EACH_FINDING.has(format.id) ? ALL.filter((one) => one !== 'large') : ALL,
    },
    ...(format.id === 'text' ? TEXT_VARIANTS : []),
  ];
  return variants.flatMap((variant) =>
    SAMPLES.filter(({ name }) => variant.samples.includes(name)).map((sample) => ({
      file: `${format.id}/${sample.name}${variant.name}.golden.${format.extension}`,
      format,
      sample,
      context: variant.context,
    })),
  );
});

it.each(CASES)('$file', ({ file, format, sample, context }) => {
  const issues = new Map(sample.issues.map((issue) => [issue.id, issue]));

  const text = format.render(sample.report, { ...context, issues });

  const place = new URL(file, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(place, text);
  expect(existsSync(place), 'run with UPDATE_GOLDEN=1 and read what it writes').toBe(true);
  expect(text).toBe(readFileSync(place, 'utf8'));
});
