import type { SetAction } from './actions.ts';
import type { FieldValues } from './field-values.ts';

/** Gives fields other values. What is copied from an unknown field is unknown as well. */
export function applySet(action: SetAction, values: FieldValues): void {
  if (action.kind === 'set') values.write(action.target, action.value, action.mask);
  else values.write(action.target, values.read(action.source));
}
