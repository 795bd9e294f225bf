import { SECRET_SHAPES, SHAPE_HINT } from './patterns.ts';
import { lower } from './text.ts';

const hint = new RegExp(SHAPE_HINT);
const shapes = SECRET_SHAPES.map(({ pattern, keep, near, ...shape }) => ({
  ...shape,
  pattern: new RegExp(pattern),
  keep: new RegExp(keep),
  near: near === undefined ? undefined : new RegExp(near),
}));

/** Takes out what is a secret by its shape. `replace` gives what stands in its place. */
export function redactShapes(line: string, replace: (kind: string) => string): string {
  const small = lower(line);
  if (!hint.test(small)) return line;
  let text = line;
  for (const shape of shapes) {
    if (shape.near !== undefined && !shape.near.test(small)) continue;
    let done = '';
    let rest = text;
    for (;;) {
      const match = shape.pattern.exec(shape.exact === true ? rest : lower(rest));
      if (match === null) break;
      const from = match.index + (shape.keep.exec(match[0])?.[0].length ?? 0);
      const to = match.index + match[0].length - (shape.keepEnd ?? 0);
      const isClean = rest.slice(from).startsWith('<redacted:');
      done += rest.slice(0, from) + (isClean ? rest.slice(from, to) : replace(shape.kind));
      rest = rest.slice(to);
    }
    text = done + rest;
  }
  return text;
}
