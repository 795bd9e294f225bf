const NAME = /^[A-Za-z0-9][\w.-]{0,127}$/;

/**
 * The one spelling of a module name: the kernel takes `-` and `_` for the same and prints `_`, file names often have `-`.
 * `undefined` when the text is no module name.
 */
export function moduleName(text: string): string | undefined {
  return NAME.test(text) ? text.replaceAll('-', '_') : undefined;
}
