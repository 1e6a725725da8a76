import type { IrStringMatch } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { escapeRegex } from '../hooks/text.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Edits the paths of routes on HTTPS listeners; undefined leaves one as it is. */
const onHttpsPaths = (edit: (path: IrStringMatch) => string | undefined): FaultHooks => ({
  ir: onGrpcRoutes((route, { port }) => {
    const value = port.protocol === 'HTTPS' ? edit(route.match.path) : undefined;
    return value === undefined
      ? route
      : { ...route, match: { ...route.match, path: { type: 'regex', value } } };
  }),
});

/** Methods that calls over TLS are compared with in another way. */
export const methodsOverTls: readonly Fault[] = [
  {
    name: 'exact-method-is-prefix-on-https',
    title: 'On HTTPS listeners an exact method also takes every method whose name begins with it.',
    clauses: ['method-exact-is-not-prefix', 'method-exact-service-and-method'],
    layers,
    hooks: () =>
      onHttpsPaths(({ type, value }) => (type === 'exact' ? `${escapeRegex(value)}.*` : undefined)),
  },
  {
    name: 'exact-service-is-prefix-on-https',
    title: 'On HTTPS listeners a match on a service alone also takes services whose names begin with it.',
    clauses: ['method-exact-service-only-whole-name', 'method-exact-service-only'],
    layers,
    hooks: () =>
      onHttpsPaths(({ type, value }) =>
        type === 'prefix' && value !== '/' ? `${escapeRegex(value.replace(/\/$/, ''))}.*` : undefined,
      ),
  },
];
