import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const sayHello = {
  method: 'helloworld.Greeter/SayHello',
  message: { name: 'routeproof' },
  tls: true,
} as const;
const echo = { method: 'echo.Echo/Echo', message: { text: 'hello' }, tls: true } as const;

scenario(
  {
    id: 'profiles/lattice-method-case',
    title: 'A method match takes the call whatever the letter case of service and method',
    support: 'implementation-specific',
    profiles: ['aws-vpc-lattice'],
    clauses: ['method-profile-lattice-case-insensitive'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('other-case');
    await t.routeMustBeAccepted('service-other-case');
    await t.callMust({ host: 'other-case.example.com', ...sayHello }, { backend: 'v1' });
    await t.callMust({ host: 'service-other-case.example.com', ...sayHello }, { backend: 'v1' });
    await t.callMustAlways({ host: 'other-case.example.com', ...echo }, refused, 3);
    await t.callMustAlways({ host: 'service-other-case.example.com', ...echo }, refused, 3);
  },
);
