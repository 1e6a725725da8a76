import type { LabelSelector, Listener } from '../../translate/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onObjects } from '../hooks/objects.ts';

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

const layers: Fault['layers'] = ['status', 'routed'];
const clauses = ['listener-namespaces-selector'];

/** Edits the selectors by which listeners choose namespaces. */
function onSelectors(edit: (selector: LabelSelector) => LabelSelector): FaultHooks {
  const edited = (listener: Listener): Listener => {
    const { namespaces } = listener.allowedRoutes ?? {};
    if (namespaces?.from !== 'Selector' || namespaces.selector === undefined) return listener;
    const selector = edit(namespaces.selector);
    return {
      ...listener,
      allowedRoutes: { ...listener.allowedRoutes, namespaces: { ...namespaces, selector } },
    };
  };
  return {
    input: onObjects('gateways', (gateway) => ({
      ...gateway,
      spec: { ...gateway.spec, listeners: (gateway.spec.listeners ?? []).map(edited) },
    })),
  };
}

const onExpressions = (edit: (expression: Expression) => Expression[]): FaultHooks =>
  onSelectors((selector) => ({
    ...selector,
    ...(selector.matchExpressions && { matchExpressions: selector.matchExpressions.flatMap(edit) }),
  }));

/** How listeners read label selectors. */
export const selectors: readonly Fault[] = [
  {
    name: 'namespace-expressions-ignored',
    title: 'Of the selector of a listener only matchLabels is looked at.',
    clauses,
    layers,
    hooks: () => onExpressions(() => []),
  },
  {
    name: 'namespace-labels-ignored',
    title: 'Of a selector with matchLabels and matchExpressions only the expressions count.',
    clauses,
    layers,
    hooks: () =>
      onSelectors(({ matchLabels, matchExpressions }) => ({
        ...(matchExpressions === undefined ? { ...(matchLabels && { matchLabels }) } : { matchExpressions }),
      })),
  },
  {
    name: 'only-first-expression',
    title: 'Of several matchExpressions of a selector only the first counts.',
    clauses,
    layers,
    hooks: () =>
      onSelectors(({ matchExpressions, ...selector }) => ({
        ...selector,
        ...(matchExpressions && { matchExpressions: matchExpressions.slice(0, 1) }),
      })),
  },
  {
    name: 'only-first-value-of-in',
    title: 'Of several values of an expression with In only the first counts.',
    clauses,
    layers,
    hooks: () =>
      onExpressions((expression) => [
        expression.operator === 'In'
          ? { ...expression, values: (expression.values ?? []).slice(0, 1) }
          : expression,
      ]),
  },
  {
    name: 'selector-not-in-wants-no-label',
    title: 'An expression with NotIn takes namespaces without the label only.',
    clauses: ['listener-namespaces-selector'],
    layers: ['status', 'routed'],
    hooks: () =>
      onExpressions((expression) =>
        expression.operator === 'NotIn' ? [{ key: expression.key, operator: 'DoesNotExist' }] : [expression],
      ),
  },
  {
    name: 'not-in-needs-the-label',
    title: 'An expression with NotIn refuses namespaces that do not have the label.',
    clauses,
    layers,
    hooks: () =>
      onExpressions((expression) =>
        expression.operator === 'NotIn'
          ? [expression, { key: expression.key, operator: 'Exists' }]
          : [expression],
      ),
  },
  {
    name: 'does-not-exist-ignored',
    title: 'An expression with DoesNotExist is left out.',
    clauses,
    layers,
    hooks: () => onExpressions((expression) => (expression.operator === 'DoesNotExist' ? [] : [expression])),
  },
  {
    name: 'exists-needs-a-value',
    title: 'An expression with Exists refuses namespaces whose label is empty.',
    clauses,
    layers,
    hooks: () =>
      onExpressions((expression) =>
        expression.operator === 'Exists'
          ? [expression, { key: expression.key, operator: 'NotIn', values: [''] }]
          : [expression],
      ),
  },
  {
    name: 'empty-selector-selects-nobody',
    title: 'An empty selector admits no namespace.',
    clauses,
    layers,
    hooks: () =>
      onSelectors((selector) =>
        Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0
          ? { matchLabels: { 'routeproof.dev/nobody': 'has-this' } }
          : selector,
      ),
  },
];
