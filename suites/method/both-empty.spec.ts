import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { routeMustBeDeclined } from '../optional-support.ts';

scenario(
  {
    id: 'method/both-empty',
    title: 'A method match with neither service nor method is refused, by the API server or in status',
    support: 'core',
    clauses: ['method-both-empty-invalid'],
    backends: ['v1'],
  },
  async (t) => {
    const refusal = await t.apply().then(() => undefined, String);
    if (refusal !== undefined) {
      await t.check('the API server’s refusal names the field', () => {
        expect(refusal).to.match(/service|method/);
      });
      return;
    }
    t.note('the API server lets the route pass, so the implementation has to judge it');
    await routeMustBeDeclined(t, 'both-empty');
    await t.barrier();
    await t.callMustAlways({ host: 'method.example.com' }, refused, 3);
  },
);
