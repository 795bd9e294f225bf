import { Document, isScalar, Scalar, visit } from 'yaml';
import type { ReportFormat } from '../../format.ts';
import { MANY_FINDINGS, toJson } from '../../shared/to-json.ts';
import { escapeUnprintable, hasUnprintable } from '../../shared/unprintable.ts';

/** The report itself as YAML: the same fields as the JSON. */
export const yamlFormat: ReportFormat = {
  id: 'yaml',
  title: 'YAML, for people and programs',
  mediaType: 'application/yaml',
  extension: 'yaml',
  render(report) {
    const count = report.findings.length;
    // JSON is YAML too, and is written in seconds where block style takes minutes.
    if (count > MANY_FINDINGS) return toJson(report, count);
    const document = new Document(report, { aliasDuplicateObjects: false });
    visit(document, {
      Scalar(_, node) {
        if (isScalar(node) && typeof node.value === 'string' && hasUnprintable(node.value)) {
          node.type = Scalar.QUOTE_DOUBLE;
        }
      },
    });
    // Only double-quoted text can hold such a character now, and there an escape means the same.
    return escapeUnprintable(document.toString({ lineWidth: 0 }));
  },
};
