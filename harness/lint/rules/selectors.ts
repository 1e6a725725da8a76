import type { KubeObject } from '../../kube/objects.ts';
import { invalidPart } from '../namespaces.ts';
import { fieldText, type Issue, type Rule } from '../rule.ts';
import type { FieldPath } from '../source.ts';
import { hasListeners, isGateway } from '../world.ts';
import type { NamespaceChoice } from '../world.ts';

/** Choices of namespaces that say something else than they read. */
export const selectorRules: Rule[] = [
  {
    id: 'selector-without-effect',
    level: 'warning',
    clause: 'listener-namespaces-selector-ignored',
    check: eachChoice(({ from = 'Same', selector }) =>
      selector === undefined || from === 'Selector'
        ? undefined
        : {
            field: ['selector'],
            message: `the selector has no effect with from: ${from}`,
            fix: 'write from: Selector, or remove the selector',
          },
    ),
  },
  {
    id: 'selector-invalid',
    level: 'error',
    clause: 'listener-namespaces-selector',
    check: eachChoice(({ from, selector }) => {
      if (from !== 'Selector') return undefined;
      if (selector === undefined)
        return {
          field: ['from'],
          message: 'from: Selector without a selector admits nobody',
          fix: 'add selector',
        };
      const part = invalidPart(selector);
      if (part === undefined) return undefined;
      return {
        field: ['selector', ...part],
        message: `${fieldText(part)} is no valid label selector: it admits nobody`,
        fix: 'write keys and values that labels can have, In or NotIn with values, and Exists or DoesNotExist without',
      };
    }),
  },
];

function eachChoice(
  judge: (choice: NamespaceChoice) => { field: FieldPath; message: string; fix: string } | undefined,
): Rule['check'] {
  return ({ object }) =>
    choicesOf(object).flatMap(({ path, choice, ...clause }): Issue[] => {
      const found = judge(choice);
      if (found === undefined) return [];
      const { field, ...rest } = found;
      return [{ path: [...path, ...field], ...rest, ...clause }];
    });
}

/** Of listeners and, on a Gateway, of the ListenerSets that it takes. */
function choicesOf(object: KubeObject): { path: FieldPath; choice: NamespaceChoice; clause?: string }[] {
  if (!hasListeners(object)) return [];
  const choices = (object.spec?.listeners ?? []).map(({ allowedRoutes }, index) => ({
    path: ['spec', 'listeners', index, 'allowedRoutes', 'namespaces'],
    choice: allowedRoutes?.namespaces ?? {},
  }));
  const ofSets = isGateway(object) ? object.spec?.allowedListeners?.namespaces : undefined;
  if (ofSets === undefined) return choices;
  return [
    ...choices,
    {
      path: ['spec', 'allowedListeners', 'namespaces'],
      choice: { from: 'None', ...ofSets },
      clause: 'listenerset-from-selector',
    },
  ];
}
