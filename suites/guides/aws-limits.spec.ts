import { scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';

const sayHello = { method: 'helloworld.Greeter/SayHello', message: { name: 'routeproof' } };
const echo = { method: 'echo.Echo/Echo', message: { text: 'hello' } };
const unserved = { status: 'UNIMPLEMENTED', backend: null };
const served = { backend: 'greeter-grpc-server' };

/** testkey1: testValue1 and so on, up to `count`. */
const headers = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`testkey${String(at + 1)}`, `testValue${String(at + 1)}`]),
  );

scenario(
  {
    id: 'guides/aws-limits',
    title:
      "The limits of the AWS page are that product's own: six headers and two methods in a rule are served here",
    support: 'core',
    clauses: ['match-all-of-headers', 'match-any-of-matches', 'method-profile-lattice-service-only'],
    backends: ['greeter-grpc-server'],
  },
  async (t) => {
    t.note(
      'The AWS page allows at most five header matches and one method match in a rule. Gateway API has 16 headers in a match and ' +
        '64 matches in a rule: that is asserted here.',
    );
    t.note(
      'It also says that method matches are case-insensitive: Gateway API compares them exactly, asserted here.',
    );
    await t.apply();
    for (const route of ['six-headers', 'two-methods', 'service-only', 'lower-case'])
      await t.routeMustBeAccepted(route);
    await t.callMust({ host: 'six-headers.example.com', ...sayHello, metadata: headers(6) }, served);
    await t.callMustAlways(
      { host: 'six-headers.example.com', ...sayHello, metadata: headers(5) },
      unserved,
      3,
    );
    await t.callMust({ host: 'two-methods.example.com', ...sayHello }, served);
    await t.callMust({ host: 'two-methods.example.com', ...echo }, served);
    await t.callMust({ host: 'service-only.example.com', ...sayHello }, served);
    await t.callMustAlways({ host: 'service-only.example.com', ...echo }, unserved, 3);

    await t.callMustAlways({ host: 'lower-case.example.com', ...sayHello }, unserved, 3);

    // The spec leaves a method without a service to the implementation: status and traffic have to agree, no more.
    const verdict = (route: Route) =>
      conditionOf(entriesOf(route, t.controllerName)[0]?.conditions, 'Accepted')?.status;
    const methodOnly = await t.until<Route>(
      { kind: 'GRPCRoute', name: 'method-only' },
      'it has a verdict',
      (route) => ['True', 'False'].includes(verdict(route) ?? ''),
    );
    const accepted = verdict(methodOnly) === 'True';
    t.note(`A method without a service, which the page does not take, is Accepted=${String(accepted)} here.`);
    await t.callMust({ host: 'method-only.example.com', ...sayHello }, accepted ? served : unserved);
    await t.callMustAlways({ host: 'method-only.example.com', ...echo }, unserved, 3);
  },
);
