import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Run } from '../harness/results/run.ts';
import { chromiumPath, switches, untilDrawn } from './testing/chromium.fixture.ts';
import { exampleRun, hostileRun } from './testing/example-run.fixture.ts';
import { writeOverlay } from './write-overlay.ts';
import { compareRuns } from './regressions/compare-runs.ts';
import { runLike } from './regressions/runs.fixture.ts';

describe('compare.html in Chromium', function () {
  this.timeout(120_000);
  let browser: Browser;
  let dir: string;
  const urls = new Map<string, string>();

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'routeproof-overlay-'));
    const example = exampleRun();
    const judged: [Run, Run] = [
      withCurves(runLike({ seed: 1 })),
      withCurves(runLike({ seed: 2, gatewayMs: 0.75 })),
    ];
    const comparison = compareRuns(...judged, { threshold: 0.1 });
    const write = async (name: string, runs: readonly Run[], more: object = {}): Promise<void> => {
      const html = await writeOverlay(runs, { outDir: dir, file: `${name}.html`, ...more });
      urls.set(name, pathToFileURL(html).href);
    };
    await write('judged', judged, { comparison });
    await write('three', [example, judged[0], example]);
    await write('hostile', [hostileRun(), hostileRun()]);
    browser = await chromium.launch({ executablePath: chromiumPath(), args: switches });
  });
  after(async () => {
    await browser.close();
    await rm(dir, { recursive: true });
  });

  async function on(name: string, width: number, body: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(urls.get(name) ?? '?') && request.url() !== 'data:,')
        complaints.push(request.url());
    });
    try {
      await page.goto(urls.get(name) ?? '');
      await untilDrawn(page);
      await body(page);
      expect(complaints).to.deep.equal([]);
      expect(
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      ).to.equal(0);
    } finally {
      await page.close();
    }
  }

  it('says what got worse, by how much and where', () =>
    on('judged', 1280, async (page) => {
      expect(await page.locator('#headline').innerText()).to.match(/^1 regression that the data show/);
      const bad = page.locator('tr').filter({ has: page.locator('.bad') });
      expect(await bad.count()).to.equal(1);
      expect(await bad.innerText())
        .to.match(/Latency, median, gateway \/ floor/)
        .and.match(/x1\.\d+ \(x1\.\d+ to x1\.\d+\)/)
        .and.include('data plane, between floor and gateway');
    }));

  it('draws the curves of all runs over each other, and bars beside each other', () =>
    on('three', 1280, async (page) => {
      const curve = page.getByRole('img', {
        name: /unary-latency, gateway: latency by percentile of 3 runs/,
      });
      await curve.locator('svg').waitFor();
      expect(await curve.locator('svg text').allTextContents()).to.include.members(['A', 'B', 'C', '99 %']);
      const bars = page.getByRole('img', { name: 'unary-latency: Latency, median of 3 runs' }).first();
      await bars.locator('svg').waitFor();
      expect(await bars.locator('svg text').allTextContents()).to.include.members([
        'direct',
        'gateway',
        'A',
        'B',
        'C',
      ]);
    }));

  it('fits a narrow window, and says which run is not valid', () =>
    on('three', 360, async (page) => {
      expect(await page.locator('main').innerText()).to.match(/A: large-messages is not valid: /);
    }));

  it('leaves injected markup inert', () =>
    on('hostile', 360, async (page) => {
      expect(await page.evaluate('window.injected')).to.equal(undefined);
      expect(await page.locator('#report img, #report script').count()).to.equal(0);
    }));
});

/** The fixture has figures, and no curves. */
function withCurves(run: Run): Run {
  const [load] = exampleRun().load;
  const variants = load?.variants ?? [];
  return { ...run, load: run.load.map((each, index) => (index === 0 ? { ...each, variants } : each)) };
}
