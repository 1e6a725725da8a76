import { LocalProvider } from '../local/local-provider.ts';

/** A program for the tests: starts an attached cluster, says so on its standard output, and waits to be killed. */
const [name = ''] = process.argv.slice(2);
await new LocalProvider().up({ name, lifetime: 'attached' });
console.log('up');
setInterval(() => undefined, 60_000);
