import type { LabelSelector } from './gateway-api.ts';

/** Whether labels fit a Kubernetes label selector. An empty selector fits all, an unknown operator nothing. */
export function matchesSelector(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (selector === undefined) return false;
  const have = labels ?? {};
  for (const [name, value] of Object.entries(selector.matchLabels ?? {})) {
    if (have[name] !== value) return false;
  }
  return (selector.matchExpressions ?? []).every((expression) => {
    const value = have[expression.key];
    const values = expression.values ?? [];
    switch (expression.operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}
