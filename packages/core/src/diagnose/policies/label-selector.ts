/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** `metav1.LabelSelector` */
export interface LabelSelector {
  readonly matchLabels?: Labels | null;
  readonly matchExpressions?:
    | readonly {
        readonly key?: string;
        readonly operator?: string;
        readonly values?: readonly string[];
      }[]
    | null;
}

/** Whether labels fit a selector; an empty one fits all. Undefined where an operator is not known. */
export function fitsLabels(
  { matchLabels, matchExpressions }: LabelSelector,
  labels: Labels,
): boolean | undefined {
  if (!Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value)) return false;
  const results = (matchExpressions ?? []).map(({ key = '', operator, values = [] }) => {
    const own = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case 'In':
        return own !== undefined && values.includes(own);
      case 'NotIn':
        return own === undefined || !values.includes(own);
      case 'Exists':
        return own !== undefined;
      case 'DoesNotExist':
        return own === undefined;
      default:
        return undefined;
    }
  });
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}
