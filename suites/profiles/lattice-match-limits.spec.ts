import { scenario } from '../../harness/index.ts';
import { declined, refused } from '../expected.ts';
import { routeMustBeDeclined } from '../optional-support.ts';

const sayHello = {
  method: 'helloworld.Greeter/SayHello',
  message: { name: 'routeproof' },
  tls: true,
} as const;
const echo = { method: 'echo.Echo/Echo', message: { text: 'hello' }, tls: true } as const;
const served = { backend: 'v1' };

/** testkey1: testValue1 and so on, up to `count`. */
const headers = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`testkey${String(at + 1)}`, `testValue${String(at + 1)}`]),
  );

scenario(
  {
    id: 'profiles/lattice-match-limits',
    title:
      'Five header matches and one method match of a service are taken in a rule; more, or a method alone, are refused',
    support: 'implementation-specific',
    profiles: ['aws-vpc-lattice'],
    clauses: [
      'header-profile-lattice-max-five',
      'match-profile-lattice-one-method-per-rule',
      'method-profile-lattice-no-method-only',
      'method-profile-lattice-service-and-method',
      'method-profile-lattice-service-only',
      'match-profile-lattice-all-methods',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    for (const route of ['five-headers', 'one-method-a-rule', 'service-only', 'all-methods'])
      await t.routeMustBeAccepted(route);
    await t.callMust({ host: 'five-headers.example.com', ...echo, metadata: headers(5) }, served);
    await t.callMust({ host: 'one-method.example.com', ...sayHello }, served);
    await t.callMust({ host: 'one-method.example.com', ...echo }, served);
    await t.callMust({ host: 'service-only.example.com', ...sayHello }, served);
    await t.callMust({ host: 'all-methods.example.com', ...echo }, served);

    for (const route of ['six-headers', 'two-methods', 'method-only']) await routeMustBeDeclined(t, route);
    await t.barrier({ tls: true });
    await t.callMustAlways({ host: 'five-headers.example.com', ...echo, metadata: headers(4) }, refused, 3);
    await t.callMustAlways({ host: 'service-only.example.com', ...echo }, refused, 3);
    await t.callMustAlways({ host: 'six-headers.example.com', ...echo, metadata: headers(6) }, declined, 3);
    await t.callMustAlways({ host: 'two-methods.example.com', ...sayHello }, declined, 3);
    await t.callMustAlways({ host: 'method-only.example.com', ...sayHello }, declined, 3);
  },
);
