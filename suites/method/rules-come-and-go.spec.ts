import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, probe, probeTwo } from '../methods.ts';
import type { Route, RouteRule } from '../shapes.ts';

const host = 'method.example.com';

/** @param path - `service/method` */
function ruleFor(path: string, backend: string): RouteRule {
  const [service = '', method = ''] = path.split('/');
  return { matches: [{ method: { service, method } }], backendRefs: [{ name: backend, port: 9000 }] };
}

scenario(
  {
    id: 'method/rules-come-and-go',
    title: 'Rules that come in front of others, come behind them, and go, leave the others as they are',
    support: 'core',
    clauses: ['grpcroute-update-takes-effect', 'grpcroute-single-rule-per-call'],
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    const edit = (change: (rules: RouteRule[]) => RouteRule[]) =>
      t.update<Route>({ kind: 'GRPCRoute', name: 'growing' }, ({ spec }) => {
        spec.rules = change(spec.rules ?? []);
      });
    await t.apply();
    await t.routeMustBeAccepted('growing');
    await t.callMust({ host, method: probeTwo }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, refused, 3);

    await edit((rules) => [ruleFor(probe, 'v1'), ...rules]);
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMustAlways({ host, method: probeTwo }, { backend: 'v2' }, 3);

    await edit((rules) => [...rules, ruleFor(echo, 'v3')]);
    await t.callMust({ host, method: echo }, { backend: 'v3' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v1' }, 3);

    await edit((rules) => rules.slice(1));
    await t.callMust({ host, method: probe }, refused);
    await t.callMustAlways({ host, method: probeTwo }, { backend: 'v2' }, 3);
    await t.callMustAlways({ host, method: echo }, { backend: 'v3' }, 3);
  },
);
