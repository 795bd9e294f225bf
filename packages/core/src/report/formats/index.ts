import type { ReportFormat } from '../format.ts';
import { htmlFormat } from './html/index.ts';
import { jsonFormat } from './json/index.ts';
import { junitFormat } from './junit/index.ts';
import { markdownFormat } from './markdown/index.ts';
import { sarifFormat } from './sarif/index.ts';
import { textFormat } from './text/index.ts';
import { yamlFormat } from './yaml/index.ts';

/** Every form a report can take, the default first. */
export const FORMATS: readonly ReportFormat[] = [
  textFormat,
  jsonFormat,
  yamlFormat,
  markdownFormat,
  htmlFormat,
  sarifFormat,
  junitFormat,
];

/** The format with this id. Throws where there is none: callers offer only the ids of {@link FORMATS}. */
export function formatById(id: string): ReportFormat {
  const format = FORMATS.find((one) => one.id === id);
  if (format === undefined) {
    throw new Error(
      `report format "${id}" does not exist; formats are: ${FORMATS.map((one) => one.id).join(', ')}`,
    );
  }
  return format;
}
