/**
 * Starts `nsenter`, which has to fork to enter a pid namespace and then only waits, and stands between it and the caller's signals.
 * A SIGTERM goes on to the program inside. A Ctrl-C comes to the whole process group: the program inside gets it as any program
 * would, while the shell and nsenter live on to report how it ended.
 */
const script = `
exec 3<&0
"$@" <&3 3<&- &
nsenter=$!
trap 'read -r program rest < /proc/$nsenter/task/$nsenter/children; kill -TERM "$program"' TERM
trap : INT
wait "$nsenter"
status=$?
while [ "$status" -gt 128 ] && kill -0 "$nsenter" 2>/dev/null; do
  wait "$nsenter"
  status=$?
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
  // A shell starts what it does not wait for with these ignored; nsenter keeps it so, the program must not.
  const program = ['env', '--default-signal=INT,QUIT', ...argv];
  return { file: 'sh', args: ['-c', script, 'sh', 'nsenter', ...target, '--', ...program] };
}
