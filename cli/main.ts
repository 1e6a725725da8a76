#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Stripping types and compiling costs about half a second a start without it.
enableCompileCache();
const { runCli } = await import('./run-cli.ts');
process.exitCode = await runCli(process.argv.slice(2));
