import { expect, scenario } from '../../harness/index.ts';
import { echo, echoTwo } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/regex-partial',
    title: 'Whether a pattern has to fit the whole name is told, and is the same for every call',
    support: 'implementation-specific',
    clauses: ['method-regex-dialect-free', 'method-regex-unsupported-visible'],
    backends: ['v1'],
    guards: ['argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi#237'],
  },
  async (t) => {
    await t.apply();
    if (
      !(await acceptedOrDeclined(
        t,
        'part-of-a-name',
        'a method match by regular expression',
        'method-regex-unsupported-visible',
      ))
    )
      return;
    await t.barrier();

    const answers = new Set<string>();
    for (let times = 0; times < 10; times += 1) {
      for (const method of [echo, echoTwo]) {
        const { backend, statusName } = await t.call({ host, method });
        answers.add(`${method}: ${backend ?? statusName}`);
      }
    }
    await t.check(
      'each method gets one answer, from the backend or UNIMPLEMENTED',
      () => {
        expect([...answers].sort()).to.have.length(2);
        for (const answer of answers) expect(answer).to.match(/: (v1|UNIMPLEMENTED)$/);
      },
      'routed',
    );
    const anchored = answers.has(`${echo}: UNIMPLEMENTED`);
    t.note(`method patterns match ${anchored ? 'whole names only' : 'parts of names'}`);
  },
);
