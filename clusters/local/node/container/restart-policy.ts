/** Whether a container that ended is started again. */
export function mustRestart(policy: string | undefined, exitCode: number): boolean {
  switch (policy) {
    case 'Never':
      return false;
    case 'OnFailure':
      return exitCode !== 0;
    default:
      return true;
  }
}
