#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Stripping types and compiling costs about half a second a start without it.
enableCompileCache();
// A reader that has enough, such as `head`, is no reason to fail, nor to leave undone what a run takes away at its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
const { runCli } = await import('./run-cli.ts');
process.exitCode = await runCli(process.argv.slice(2));
