import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** As in logs.ts: what a person reads, not all that there is. */
const linesPerComponent = 50;
/** Components log through klog: level, month and day, and the time of the day. */
const head = /^([IWEF])(\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d+) /;

/**
 * What the cluster's own components complained of since then (warnings, errors, and what a sync of kube-proxy failed of): a Gateway that
 * cannot be dialled may be the cluster's fault.
 */
export async function clusterTroubles(
  logDir: string,
  since: Date,
): Promise<{ source: string; lines: string[] }[]> {
  const files = (await readdir(logDir)).filter((name) => name.endsWith('.log')).sort();
  const logs = await Promise.all(
    files.map(async (name) => ({
      source: `cluster component ${name.replace(/\.log$/, '')}`,
      lines: troublesIn(await readFile(join(logDir, name), 'utf8'), since).slice(-linesPerComponent),
    })),
  );
  return logs.filter(({ lines }) => lines.length > 0);
}

/** Lines without a head belong to the one before. */
function troublesIn(text: string, since: Date): string[] {
  let isKept = false;
  return text.split('\n').filter((line) => {
    const [, level, month, day, time] = head.exec(line) ?? [];
    if (level === undefined) return isKept && line !== '';
    const isTrouble = level !== 'I' || line.includes('failed');
    isKept = isTrouble && timeOf(since, { month, day, time }) >= since.getTime();
    return isKept;
  });
}

/** Of the line, in ms: klog leaves the year away, and writes local time. */
function timeOf(
  since: Date,
  { month, day, time }: Record<'month' | 'day' | 'time', string | undefined>,
): number {
  const at = (year: number): number => Date.parse(`${year}-${month ?? ''}-${day ?? ''}T${time ?? ''}`);
  const year = since.getFullYear();
  // Begun in December, written in January.
  return since.getMonth() === 11 && month === '01' ? at(year + 1) : at(year);
}
