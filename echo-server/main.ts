/**
 * Entry point. Nothing is imported statically: dozens of these processes start on two cores, and code that is loaded
 * after the compile cache is on costs about half (README.md has the figures).
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(
  process.env['NODE_COMPILE_CACHE'] ??
    fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)),
);
const { run } = await import('./run.ts');
await run(process.env, process.argv.slice(2));
