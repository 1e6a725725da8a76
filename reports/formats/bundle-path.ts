/** Where a scenario's repro bundle is, seen from run.json and report.html. Ids of a run file may be anything; the path stays below repro/. */
export function bundlePath(id: string): string {
  const parts = id
    .split('/')
    .map((part) => part.replaceAll(/[^\w.-]/g, '_'))
    .filter((part) => !/^\.*$/.test(part));
  return ['repro', ...(parts.length === 0 ? ['_'] : parts)].join('/');
}
