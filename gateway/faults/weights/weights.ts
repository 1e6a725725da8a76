import type { IrBackend } from '../../ir/ir.ts';
import type { RouteBackendRef } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onForwards, onGrpcRoutes, onHosts, placeInRoute } from '../hooks/ir.ts';
import { onRules } from '../hooks/objects.ts';

/** Edits the backendRefs of each rule. */
function onRefs(edit: (refs: RouteBackendRef[]) => RouteBackendRef[]) {
  return {
    input: onRules((rule) =>
      rule.backendRefs === undefined ? rule : { ...rule, backendRefs: edit(rule.backendRefs) },
    ),
  };
}

function onBackends(edit: (backends: IrBackend[]) => IrBackend[]) {
  return { ir: onForwards((action) => ({ ...action, backends: edit(action.backends) })) };
}

/** Calls of rules for every service whose path fits the pattern all go to the first backend. */
const toFirstBackend = (pattern: string): FaultHooks => ({
  ir: onHosts((host) => ({
    ...host,
    routes: host.routes.flatMap((route) => {
      const { action } = route;
      if (action.type !== 'forward' || action.backends.length < 2 || route.match.path.value !== '/')
        return [route];
      const path = { type: 'regex', value: pattern } as const;
      const first = { ...action, backends: action.backends.slice(0, 1) };
      return [
        { ...route, name: `${route.name}/stream`, match: { ...route.match, path }, action: first },
        route,
      ];
    }),
  })),
});

const sum = (backends: readonly { weight?: number }[]): number =>
  backends.reduce((total, { weight = 1 }) => total + weight, 0);

/** How calls are shared out. */
export const weights: readonly Fault[] = [
  {
    name: 'weights-ignored',
    title: 'All backends of a rule get the same share, whatever their weights.',
    clauses: ['weight-proportional'],
    layers: ['routed', 'backend'],
    hooks: () => onBackends((list) => list.map((backend) => ({ ...backend, weight: 1 }))),
  },
  {
    name: 'weights-slightly-off',
    title: 'The largest share of a rule is a seventh too small.',
    clauses: ['weight-proportional'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onBackends((list) => {
        const most = Math.max(...list.map(({ weight }) => weight));
        return list.map((backend) => ({
          ...backend,
          weight: backend.weight === most ? backend.weight * 60 : backend.weight * 93,
        }));
      }),
  },
  {
    name: 'first-backend-takes-all',
    title: 'The first backend of a rule gets every call.',
    clauses: ['weight-proportional', 'weight-not-a-percentage', 'weight-per-rule'],
    layers: ['routed', 'backend'],
    hooks: () => onBackends((list) => list.slice(0, 1)),
  },
  {
    name: 'weight-zero-served',
    title: 'A backend of weight 0 gets calls.',
    clauses: ['weight-zero-no-traffic'],
    layers: ['routed', 'backend'],
    hooks: () => onRefs((refs) => refs.map((ref) => (ref.weight === 0 ? { ...ref, weight: 1 } : ref))),
  },
  {
    name: 'all-zero-served-equally',
    title: 'When all weights are 0 the backends get equal shares.',
    clauses: ['weight-all-zero'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onRefs((refs) =>
        refs.length > 0 && refs.every(({ weight }) => weight === 0)
          ? refs.map((ref) => ({ ...ref, weight: 1 }))
          : refs,
      ),
  },
  {
    name: 'all-zero-breaks-neighbours',
    title: 'A rule whose weights are all 0 makes the whole host unusable.',
    clauses: ['weight-all-zero'],
    layers: ['routed', 'backend'],
    reference: 'kgateway-dev/kgateway#11548',
    hooks: () => {
      const zero = new Set<string>();
      return {
        input: (input) => {
          for (const { metadata, spec } of input.objects.grpcRoutes)
            for (const { backendRefs: refs = [] } of spec.rules ?? [])
              if (refs.length > 0 && refs.every(({ weight }) => weight === 0))
                zero.add(`${metadata.namespace}/${metadata.name}`);
          return input;
        },
        ir: onHosts((host) =>
          host.routes.some(({ source }) => zero.has(source.key)) ? { ...host, routes: [] } : host,
        ),
      };
    },
  },
  {
    name: 'weight-defaults-to-hundred',
    title: 'A weight of 1, which is what none given means, counts as 100.',
    clauses: ['weight-omitted-is-one'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onRefs((refs) => refs.map((ref) => ((ref.weight ?? 1) === 1 ? { ...ref, weight: 100 } : ref))),
  },
  {
    name: 'weights-are-percents',
    title: 'Weights are percents: what they leave to 100 is refused.',
    clauses: ['weight-not-a-percentage', 'weight-single-backend-all'],
    layers: ['routed', 'backend'],
    hooks: () => onBackends((list) => (sum(list) < 100 ? [...list, { weight: 100 - sum(list) }] : list)),
  },
  {
    name: 'same-service-counted-once',
    title: 'A Service that a rule names twice gets the weight of one entry.',
    clauses: ['weight-same-service-twice'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onBackends((list) =>
        list.filter(({ cluster }, index) => list.findIndex((other) => other.cluster === cluster) === index),
      ),
  },
  {
    name: 'weights-kept-after-update',
    title: 'Weights that change later are not followed.',
    clauses: ['weight-change-applied'],
    layers: ['routed', 'backend'],
    hooks: () => {
      const first = new Map<string, { count: number; weights: number[] }>();
      return {
        input: onRules((rule, index, { metadata }) => {
          const { backendRefs: refs = [] } = rule;
          const id = `${metadata.namespace}/${metadata.name}/${index}`;
          const known = first.get(id);
          if (known?.count !== refs.length) {
            first.set(id, { count: refs.length, weights: refs.map(({ weight = 1 }) => weight) });
            return rule;
          }
          return {
            ...rule,
            backendRefs: refs.map((ref, at) => ({ ...ref, weight: known.weights[at] ?? 1 })),
          };
        }),
      };
    },
  },
  {
    name: 'second-rule-has-first-weights',
    title: 'The second rule of a route splits calls by the weights of the first.',
    clauses: ['weight-per-rule'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule, index, { spec }) => {
        const weightsOfFirst = spec.rules?.[0]?.backendRefs?.map(({ weight = 1 }) => weight) ?? [];
        return index !== 1 || rule.backendRefs === undefined
          ? rule
          : {
              ...rule,
              backendRefs: rule.backendRefs.map((ref, at) => ({ ...ref, weight: weightsOfFirst[at] ?? 1 })),
            };
      }),
    }),
  },
  {
    name: 'invalid-zero-weight-breaks-rule',
    title: 'A missing backend of weight 0 makes its rule answer errors.',
    clauses: ['weight-zero-invalid-harmless'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: (input) => {
        const services = new Set(
          input.objects.services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
        );
        const grpcRoutes = input.objects.grpcRoutes.map((route) => {
          const isBroken = (ref: RouteBackendRef): boolean =>
            ref.weight === 0 && !services.has(`${ref.namespace ?? route.metadata.namespace}/${ref.name}`);
          if (!route.spec.rules?.some(({ backendRefs = [] }) => backendRefs.some(isBroken))) return route;
          const rules = route.spec.rules.map((rule) =>
            rule.backendRefs?.some(isBroken)
              ? { ...rule, backendRefs: rule.backendRefs.filter(isBroken) }
              : rule,
          );
          return { ...route, spec: { ...route.spec, rules } };
        });
        return { ...input, objects: { ...input.objects, grpcRoutes } };
      },
    }),
  },
  {
    name: 'streams-go-to-first-backend',
    title: 'Streaming calls all go to the first backend; only unary ones are split.',
    clauses: ['weight-proportional', 'weight-calls-not-connections'],
    layers: ['routed', 'backend'],
    hooks: () => toFirstBackend('.*Stream'),
  },
  {
    name: 'sent-streams-go-to-first-backend',
    title: 'Streams that their callers send all go to the first backend; only other calls are split.',
    clauses: ['weight-proportional', 'weight-calls-not-connections'],
    layers: ['routed', 'backend'],
    hooks: () => toFirstBackend('.*/(Client|Bidi)Stream'),
  },
  {
    name: 'second-rule-serves-nothing',
    title: 'Backends of the second rule of a route are lost.',
    clauses: ['weight-per-rule', 'backend-invalid-other-rules-ok', 'filter-scope-is-rule'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        placeInRoute(route).rule === 1 ? { ...route, action: { type: 'respond', httpStatus: 503 } } : route,
      ),
    }),
  },
];
