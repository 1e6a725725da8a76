import { Command, CommanderError } from 'commander';
import { exitCodeOf, messageOf, RouteproofError } from '../common/errors.ts';
import { version } from '../common/version.ts';
import { addClauses } from './commands/clauses.ts';
import { addConformance } from './commands/conformance.ts';
import { addDown } from './commands/down.ts';
import { addExec } from './commands/exec.ts';
import { addExplain } from './commands/explain.ts';
import { addFaults } from './commands/faults.ts';
import { addLint } from './commands/lint.ts';
import { addLoad } from './commands/load.ts';
import { addCompare } from './commands/compare.ts';
import { addMatrix } from './commands/matrix.ts';
import { addMutants } from './commands/mutants.ts';
import { addOfficial } from './commands/official.ts';
import { addReport } from './commands/report.ts';
import { addSetup } from './commands/setup.ts';
import { addStatus } from './commands/status.ts';
import { addUp } from './commands/up.ts';

const exitCodes = `
Exit codes:
  0  all that ran is right
  1  the implementation gave a wrong answer
  2  bad usage or bad input
  3  the harness or its cluster could not do its work`;

/**
 * Runs one command line.
 *
 * @returns the exit code; every error has been printed
 */
export async function runCli(argv: string[]): Promise<number> {
  let exitCode = 0;
  const program = commandLine((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error);
  }
}

/**
 * All commands and their options. Commands import what they run with only when they run: all of it takes a second of CPU to load, and
 * the process that merely hosts a cluster needs none of it.
 *
 * @param finish - is told the exit code
 */
export function commandLine(finish: (exitCode: number) => void): Command {
  const program = new Command('routeproof')
    .description(
      'Proves that a Gateway API implementation routes gRPC as the spec says, and shows what it costs.',
    )
    .version(version)
    .showHelpAfterError('(routeproof --help lists the commands)')
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', exitCodes);
  for (const add of [
    addSetup,
    addUp,
    addDown,
    addStatus,
    addExec,
    addConformance,
    addFaults,
    addMutants,
    addLoad,
    addCompare,
    addMatrix,
    addOfficial,
    addReport,
    addClauses,
    addExplain,
    addLint,
  ])
    add(program, finish);
  return program;
}

function report(error: unknown): number {
  // commander has printed its own message; its help and version "errors" have exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const text = error instanceof RouteproofError ? error.message : unexpected(error);
  process.stderr.write(`routeproof: ${text}\n`);
  return exitCodeOf(error);
}

/** Anything that is no RouteproofError is a bug of ours: the stack is what a bug report needs. */
function unexpected(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  return `unexpected error, please report it: ${stack}`;
}
