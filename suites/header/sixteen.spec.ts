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
    title: 'A match with the most headers allowed needs each of them, and beats one with a header less',
    support: 'core',
    clauses: ['match-all-of-headers', 'header-exact-value', 'precedence-header-count'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('sixteen-headers');
    await t.callMust({ host, metadata: metadataWithout() }, { backend: 'v1' });

    for (const missing of numbers.slice(0, -1)) {
      await t.callMustAlways({ host, metadata: metadataWithout(missing) }, refused, 1);
    }
    // The other rule takes what lacks the last one alone.
    for (const metadata of [metadataWithout(16), { ...metadataWithout(), 'x-part-16': 'value-1' }])
      await t.callMustAlways({ host, metadata }, { backend: 'v2' }, 1);
  },
);
