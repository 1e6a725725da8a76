import { labelValue, qualifiedName } from './core-schemas.ts';
import type { FieldPath } from './source.ts';
import { namespaceNameLabel } from './world.ts';
import type { LabelSelector, NamespaceChoice, World } from './world.ts';

/** Whether objects of a namespace may attach; undefined where it depends on a Namespace that is not among the manifests. */
export function admitsNamespace(
  { from = 'Same', selector }: NamespaceChoice,
  { of, own }: { of: string; own: string },
  world: World,
): boolean | undefined {
  if (from === 'All') return true;
  if (from === 'Same') return of === own;
  if (from === 'None' || selector === undefined || invalidPart(selector) !== undefined) return false;
  const labels = world.labelsOf(of);
  if (labels !== undefined) return selects(selector, labels);
  return namesNamespaces(selector) ? selects(selector, { [namespaceNameLabel]: of }) : undefined;
}

/** Whether nothing but names of namespaces is asked for. */
function namesNamespaces({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].every(
    (key) => key === namespaceNameLabel,
  );
}

/** The part that makes no label selector, which nobody takes. */
export function invalidPart({
  matchLabels = {},
  matchExpressions = [],
}: LabelSelector): FieldPath | undefined {
  const label = Object.entries(matchLabels).find(([key, value]) => !isKey(key) || !isValue(value));
  if (label !== undefined) return ['matchLabels', label[0]];
  const index = matchExpressions.findIndex(({ key = '', operator = '', values = [] }) => {
    if (!isKey(key) || !values.every(isValue)) return true;
    if (operator === 'In' || operator === 'NotIn') return values.length === 0;
    return !(operator === 'Exists' || operator === 'DoesNotExist') || values.length > 0;
  });
  return index === -1 ? undefined : ['matchExpressions', index];
}

const keyForm = new RegExp(qualifiedName);
const valueForm = new RegExp(labelValue.pattern);

function isKey(text: string): boolean {
  return keyForm.test(text);
}

function isValue(text: string): boolean {
  return text.length <= labelValue.maxLength && valueForm.test(text);
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key = '', operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const isAmong = value !== undefined && values.includes(value);
      return operator === 'In' ? isAmong : !isAmong;
    })
  );
}
