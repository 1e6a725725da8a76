import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'header.example.com';
const numbers = Array.from({ length: 16 }, (_, index) => index + 1);

function metadataWithout(missing?: number): Record<string, string> {
  const present = numbers.filter((number) => number !== missing);
  return Object.fromEntries(present.map((number) => [`x-part-${String(number)}`, `value-${String(number)}`]));
}

scenario(
  {
    id: 'header/sixteen',
    title: 'A match with the most headers allowed needs each of them',
    support: 'core',
    clauses: ['match-all-of-headers', 'header-exact-value'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('sixteen-headers');
    await t.callMust({ host, metadata: metadataWithout() }, { backend: 'v1' });

    for (const missing of numbers) {
      await t.callMustAlways({ host, metadata: metadataWithout(missing) }, refused, 1);
    }
    await t.callMustAlways({ host, metadata: { ...metadataWithout(), 'x-part-16': 'value-1' } }, refused, 1);
  },
);
