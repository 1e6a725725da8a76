const kept = 8;

/** kind's error, and the end of what the command printed that failed: how that begins is always the same. */
export function lastWords(text: string): string {
  const lines = text.trim().split('\n');
  const at = lines.findIndex((line) => line.startsWith('ERROR'));
  const error = at === -1 ? [] : lines.slice(at, at + 1);
  const output = lines.slice(at + 1);
  return [...error, ...(output.length > kept ? ['...'] : []), ...output.slice(-kept)].join('\n        ');
}
