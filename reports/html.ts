import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { codeExtension } from '../common/tools.ts';
import type { Run, ScenarioResult } from '../harness/results/run.ts';
import { comparisonHeadline } from './comparison/headline.ts';
import { withEvidence } from './comparison/evidence.ts';
import { conclusionOf } from './wording/conclusion.ts';
import type { OverlayPage } from './overlay/page-data.ts';
import { headOf, jsonForScript, packDetail } from './formats/embed.ts';

/** The page's own code, the same for every run. */
export interface PageAssets {
  script: string;
  style: string;
}

const pageDir = new URL('page/', import.meta.url);
const bundles = new Map<string, Promise<PageAssets>>();

/** Bundles reports/page with the parts of ECharts that it uses; about half a second, once per process. */
export function pageAssets(): Promise<PageAssets> {
  return assetsOf('main');
}

/** The code of the page that compares implementations; made once per process. */
export function comparisonAssets(): Promise<PageAssets> {
  return assetsOf('comparison');
}

/** The code of the page that lays runs over each other; made once per process. */
export function overlayAssets(): Promise<PageAssets> {
  return assetsOf('overlay');
}

function assetsOf(entry: string): Promise<PageAssets> {
  let assets = bundles.get(entry);
  if (assets === undefined) {
    assets = bundlePage(entry);
    bundles.set(entry, assets);
  }
  return assets;
}

async function bundlePage(entry: string): Promise<PageAssets> {
  const [bundle, style] = await Promise.all([
    build({
      entryPoints: [new URL(`${entry}${codeExtension}`, pageDir).pathname],
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      legalComments: 'none',
      logLevel: 'silent',
    }),
    readFile(new URL('page.css', pageDir), 'utf8'),
  ]);
  const script = bundle.outputFiles[0]?.text ?? '';
  // Inside a script element only this sequence could end it early.
  return { script: script.replaceAll(/<\/(?=script)/gi, '<\\/'), style };
}

/** The whole report of a run as one HTML file. */
export function reportHtml(run: Run, assets: PageAssets): string {
  const { headline } = conclusionOf(run);
  return page(assets, {
    title: `${headline} · ${run.implementation.name} · routeproof`,
    headline,
    data: headOf(run),
    packed: run.scenarios,
  });
}

/** Implementations side by side as one HTML file, with the evidence of what each did not pass. @param runs - one for each */
export function comparisonHtml(runs: readonly Run[], assets: PageAssets): string {
  const { runs: compared, packed } = withEvidence(runs);
  const headline = comparisonHeadline(runs);
  return page(assets, { title: `${headline} · routeproof`, headline, data: compared, packed });
}

/** The figures of several runs in one page, as one HTML file. */
export function overlayHtml(data: OverlayPage, assets: PageAssets): string {
  const headline = data.judged?.conclusion ?? `${data.runs.length} runs`;
  return page(assets, { title: `${headline} · routeproof`, headline, data, packed: [] });
}

/**
 * A page that needs no network: its content security policy forbids any. Evidence is packed per scenario, so that a run of a thousand
 * scenarios opens as fast as one of ten.
 */
function page(
  { script, style }: PageAssets,
  of: { title: string; headline: string; data: unknown; packed: readonly ScenarioResult[] },
): string {
  const details = of.packed.map(
    (s, i) => `<script type="text/plain" id="detail-${i}">${packDetail(s)}</script>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${sha256(script)}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="routeproof">
<link rel="icon" href="data:,">
<title>${escapeHtml(of.title)}</title>
<style>${style}</style>
</head>
<body>
<div id="report"></div>
<noscript><main class="sheet"><h1>${escapeHtml(of.headline)}</h1><p>This report draws itself with JavaScript, from data inside this file. The same results are in the files beside it.</p></main></noscript>
<script type="application/json" id="run">${jsonForScript(of.data)}</script>
${details.join('\n')}
<script>${script}</script>
</body>
</html>
`;
}

/** Lets the page's own script run and no other, should anything of a run ever become markup. */
function sha256(script: string): string {
  return createHash('sha256').update(script).digest('base64');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.toWellFormed().replaceAll(/[&<>"]/g, (c) => entities[c] ?? c);
}
