import pc from 'picocolors';

/** Lines for a person, on stderr; stdout is for what a command is asked to print. */
export function progressLine(line: string): void {
  process.stderr.write(`${pc.dim('routeproof:')} ${line}\n`);
}
