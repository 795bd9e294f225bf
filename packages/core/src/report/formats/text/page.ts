import { displayWidth, padTo, wrapText } from '../../shared/display-width.ts';
import { printable, printableLines } from '../../shared/unprintable.ts';
import type { Paint, Style } from './paint.ts';

/** Columns before the text of a labelled row. */
export const GUTTER = 10;

/**
 * Lines of a text report. All text goes through here: what would act on the terminal is made visible, then wrapped,
 * then coloured.
 */
export class Page {
  readonly #lines: string[] = [];
  readonly #paint: Paint;
  readonly #width: number;

  constructor(paint: Paint, width: number) {
    this.#paint = paint;
    this.#width = Math.max(width, 40);
  }

  /** An empty line, never two in a row and never the first. */
  gap(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  /** A wrapped paragraph; further lines are indented by `hang` columns more. */
  text(text: string, { indent = 0, hang = 0, style }: TextOptions = {}): void {
    const lines = wrapText(printable(text), this.#width - indent - hang);
    for (const [index, line] of lines.entries()) {
      this.#lines.push(' '.repeat(indent + (index === 0 ? 0 : hang)) + this.#styled(line, style));
    }
  }

  /** A label in the gutter and wrapped text beside it. */
  row(label: string, text: string, { style, labelStyle = 'dim', hang = 0 }: RowOptions = {}): void {
    const lines = wrapText(printable(text), this.#width - GUTTER - hang);
    for (const [index, line] of lines.entries()) {
      const head = padTo(index === 0 ? printable(label) : '', GUTTER);
      const indent = ' '.repeat(index === 0 ? 0 : hang);
      this.#lines.push(this.#styled(head, labelStyle) + indent + this.#styled(line, style));
    }
  }

  /** A row of a table: cells of fixed width, the last one wrapped in what is left. */
  cells(fixed: readonly Cell[], text: string, style?: Style): void {
    const used = fixed.reduce((sum, { width }) => sum + width, 0);
    for (const [index, line] of wrapText(printable(text), this.#width - used).entries()) {
      const head = fixed.map((cell) =>
        index === 0
          ? this.#styled(padTo(printable(cell.text), cell.width), cell.style)
          : ' '.repeat(cell.width),
      );
      this.#lines.push(head.join('') + this.#styled(line, style));
    }
  }

  /** Two texts on one line, the second dimmed at column `column`; below each other where they do not fit. */
  pair(left: string, right: string, indent: number, column: number): void {
    const first = printable(left);
    const second = printable(right);
    const fits = displayWidth(first) < column - indent - 1;
    const room = this.#width - column;
    if (fits && displayWidth(second) <= room) {
      this.#lines.push(' '.repeat(indent) + padTo(first, column - indent) + this.#styled(second, 'dim'));
      return;
    }
    this.text(left, { indent, hang: 2 });
    this.text(right, { indent: indent + 2, hang: 2, style: 'dim' });
  }

  /** Lines as they are, each behind `prefix`: commands and files are never broken, they are for copying. */
  verbatim(text: string, indent: number, prefix: string, style?: Style): void {
    for (const line of printableLines(text)) {
      this.#lines.push(`${' '.repeat(indent)}${this.#styled(prefix, 'dim')}${this.#styled(line, style)}`);
    }
  }

  toString(): string {
    return `${this.#lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  #styled(text: string, style: Style | undefined): string {
    return style === undefined || text === '' ? text : this.#paint(text, style);
  }
}

export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly style?: Style;
}

interface RowOptions {
  readonly style?: Style;
  readonly labelStyle?: Style;
  /** Columns that further lines are indented by, for example below a number. */
  readonly hang?: number;
}

interface TextOptions {
  readonly indent?: number;
  readonly hang?: number;
  readonly style?: Style;
}
