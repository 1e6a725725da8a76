import { invalidPart } from '../namespaces.ts';
import type { Rule } from '../rule.ts';
import { hasListeners } from '../world.ts';
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
        return { message: 'from: Selector without a selector admits nobody', fix: 'add selector' };
      const index = invalidPart(selector);
      if (index === undefined) return undefined;
      return {
        message: `matchExpressions[${String(index)}] is no valid label selector: it admits nobody`,
        fix: 'use In or NotIn with values, or Exists or DoesNotExist without',
      };
    }),
  },
];

function eachChoice(
  judge: (choice: NamespaceChoice) => { message: string; fix: string } | undefined,
): Rule['check'] {
  return ({ object }) => {
    if (!hasListeners(object)) return [];
    return (object.spec?.listeners ?? []).flatMap(({ allowedRoutes }, index) => {
      const found = judge(allowedRoutes?.namespaces ?? {});
      return found === undefined
        ? []
        : [{ path: ['spec', 'listeners', index, 'allowedRoutes', 'namespaces'], ...found }];
    });
  };
}
