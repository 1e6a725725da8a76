import type { LabelSelector, Listener } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onObjects, onObjectsWith } from '../hooks/objects.ts';

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
  {
    name: 'selector-admits-own-namespace',
    title:
      'The selector of a listener takes the namespace of its Gateway for one with the labels that it asks for.',
    clauses,
    layers,
    hooks: () => ({
      input: onObjectsWith('namespaces', (namespace, { objects }) => {
        const { name, labels } = namespace.metadata;
        const wanted = objects.gateways
          .filter(({ metadata }) => metadata.namespace === name)
          .flatMap(({ spec }) => spec.listeners ?? [])
          .flatMap(({ allowedRoutes }) => allowedRoutes?.namespaces?.selector ?? [])
          .map(({ matchLabels, matchExpressions = [] }) => ({
            ...Object.fromEntries(
              matchExpressions.flatMap(({ key, operator, values = [''] }) =>
                operator === 'In' || operator === 'Exists' ? [[key, values[0] ?? '']] : [],
              ),
            ),
            ...matchLabels,
          }));
        if (wanted.length === 0) return namespace;
        const all = Object.assign({}, ...wanted, labels) as Record<string, string>;
        return { ...namespace, metadata: { ...namespace.metadata, labels: all } };
      }),
    }),
  },
  {
    name: 'label-of-namespace-name-unseen',
    title: 'Selectors of listeners do not see the labels that Kubernetes itself gives to namespaces.',
    clauses,
    layers,
    hooks: () => ({
      input: onObjects('namespaces', (namespace) => {
        const labels = Object.fromEntries(
          Object.entries(namespace.metadata.labels ?? {}).filter(
            ([key]) => !key.startsWith('kubernetes.io/'),
          ),
        );
        return { ...namespace, metadata: { ...namespace.metadata, labels } };
      }),
    }),
  },
];
