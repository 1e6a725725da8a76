const kept = 8;

/**
 * kind's error, and of what the command printed that failed what it calls its error, or else the end: how that begins is always the
 * same, and kubeadm ends with a stack trace.
 */
export function lastWords(text: string): string {
  const lines = text.trim().split('\n');
  const at = lines.findIndex((line) => line.startsWith('ERROR'));
  const error = at === -1 ? [] : lines.slice(at, at + 1);
  const output = lines.slice(at + 1);
  const own = output.findIndex((line) => line.startsWith('error:'));
  const shown = own === -1 ? output.slice(-kept) : output.slice(own, own + kept);
  return [...error, ...(output.length > kept ? ['...'] : []), ...shown].join('\n        ');
}
