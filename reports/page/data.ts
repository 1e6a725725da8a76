import type { PageRun, ScenarioDetail } from '../formats/page-data.ts';

/** The run as html.ts embedded it. */
export function embeddedRun(): PageRun {
  return JSON.parse(document.getElementById('run')?.textContent ?? '') as PageRun;
}

/** Unpacks one scenario's evidence; `index` is its place in the run. */
export async function unpackDetail(index: number): Promise<ScenarioDetail> {
  const packed = document.getElementById(`detail-${index}`)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as ScenarioDetail;
}
