/**
 * Starts `nsenter`, which has to fork to enter a pid namespace and then only waits, and stands between it and the caller's signals.
 * A SIGTERM goes on to the program inside. What comes to the whole process group, such as a Ctrl-C or the SIGTERM of `timeout`, the
 * program inside gets as any program would, while the shells and nsenter live on to report how it ended.
 */
const script = `
exec 3<&0
told= nsenter=
pass_on() {
  told=1 program=
  # Signals may come before the program is there.
  while [ -n "$nsenter" ] && [ -z "$program" ]; do
    state= inside=
    # The lists have no end of line, so that read fails, having read them.
    { read -r state < "/proc/$nsenter/stat"
      read -r inside rest < "/proc/$nsenter/task/$nsenter/children"; } 2>/dev/null
    case "$state" in '' | *') Z '*) return ;; esac
    [ -z "$inside" ] || { read -r program rest < "/proc/$inside/task/$inside/children"; } 2>/dev/null
  done
  [ -z "$program" ] || kill -TERM "$program" 2>/dev/null
}
trap pass_on TERM
trap 'told=1' INT
(trap '' TERM; exec "$@" <&3 3<&-) &
nsenter=$!
[ -z "$told" ] || pass_on
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

/** Says how the program ended: nsenter, which ignores these signals, could not end by the same one as its child. */
const inside = '"$@"; exit $?';

/**
 * The command line that runs argv in all namespaces of a process, in the caller's working directory.
 *
 * @param pid - of a process in them, as the caller sees it
 */
export function enterNamespaces(pid: number, argv: readonly string[]): { file: string; args: string[] } {
  // Without the credentials of the user who owns the namespaces, an ordinary user may not enter them.
  const target = ['-t', `${pid}`, '-U', '--preserve-credentials', '-n', '-m', '-p', `--wd=${process.cwd()}`];
  // The shell starts nsenter with these ignored, and what is ignored stays so; the program must not.
  const program = ['sh', '-c', inside, 'sh', 'env', '--default-signal=INT,QUIT,TERM', ...argv];
  return { file: 'sh', args: ['-c', script, 'sh', 'nsenter', ...target, '--', ...program] };
}
