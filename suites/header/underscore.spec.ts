import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/underscore',
    title: 'A header whose name has an underscore is matched, and is another one than that with a hyphen',
    support: 'core',
    clauses: ['header-exact-value'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('tenants');
    await t.callMust({ host, metadata: { tenant_id: '7' } }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata: { tenant_id: '8' } }, refused, 3);
    await t.callMustAlways({ host, metadata: { 'tenant-id': '7' } }, refused, 3);
  },
);
