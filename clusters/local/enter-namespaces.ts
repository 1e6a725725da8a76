/**
 * Starts `nsenter`, which has to fork to enter a pid namespace and then only waits, and stands between it and the caller's signals.
 * A SIGTERM goes on to the program inside. What comes to the whole process group, such as a Ctrl-C or the SIGTERM of `timeout`, the
 * program inside gets as any program would, while the shell and nsenter live on to report how it ended.
 */
const script = `
exec 3<&0
told=
(trap '' TERM; exec "$@" <&3 3<&-) &
nsenter=$!
pass_on() {
  told=1
  # The list has no end of line, so that read fails, having read it.
  read -r program rest < "/proc/$nsenter/task/$nsenter/children"
  [ -z "$program" ] || kill -TERM "$program"
}
trap pass_on TERM
trap 'told=1' INT
wait "$nsenter"
status=$?
while [ "$told" ] && [ "$status" -gt 128 ]; do
  told=
  wait "$nsenter"
  again=$?
  [ "$again" -eq 127 ] || status=$again
done
exit "$status"
`;

/**
 * The command line that runs argv in all namespaces of a process, in the caller's working directory.
 *
 * @param pid - of a process in them, as the caller sees it
 */
export function enterNamespaces(pid: number, argv: readonly string[]): { file: string; args: string[] } {
  // Without the credentials of the user who owns the namespaces, an ordinary user may not enter them.
  const target = ['-t', `${pid}`, '-U', '--preserve-credentials', '-n', '-m', '-p', `--wd=${process.cwd()}`];
  // The shell starts nsenter with these ignored, and what is ignored stays so; the program must not.
  const program = ['env', '--default-signal=INT,QUIT,TERM', ...argv];
  return { file: 'sh', args: ['-c', script, 'sh', 'nsenter', ...target, '--', ...program] };
}
