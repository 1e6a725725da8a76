/** One line of set-up progress, on stderr: stdout belongs to the command that follows. */
export function say(line: string): void {
  process.stderr.write(`setup: ${line}\n`);
}
