import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Run } from '../harness/results/run.ts';
import { exampleCases } from './testing/example-load.fixture.ts';
import { exampleControlPlane } from './testing/example-control-plane.fixture.ts';
import { chromiumPath, switches, untilDrawn } from './testing/chromium.fixture.ts';
import { exampleRun, hostileRun, largeRun, passingRun, repeatedRun } from './testing/example-run.fixture.ts';
import { historyEntry } from './regressions/history.ts';
import { pageAssets, reportHtml } from './html.ts';
import { runLike } from './regressions/runs.fixture.ts';

const failing = 'header/several-all-must-match';
const desktop = { width: 1280, height: 900 };
const phone = { width: 360, height: 780 };
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Opened {
  page: Page;
  /** Errors of the console and of scripts, and every request but the file itself. */
  complaints: string[];
}

describe('report.html in Chromium', function () {
  this.timeout(120_000);
  let browser: Browser;
  let dir: string;
  const urls = new Map<string, string>();

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'routeproof-page-'));
    const assets = await pageAssets();
    const runs: Record<string, Run> = {
      example: exampleRun(),
      passing: passingRun(),
      hostile: hostileRun(),
      large: largeRun(1000),
      short: shortRun(),
      repeated: repeatedRun(3),
      controlPlane: controlPlaneRun(),
      trend: trendRun(),
      cases: { ...controlPlaneRun(), controlPlane: [], load: [exampleCases()] },
    };
    for (const [name, run] of Object.entries(runs)) {
      const file = join(dir, `${name}.html`);
      await writeFile(file, reportHtml(run, assets));
      urls.set(name, pathToFileURL(file).href);
    }
    browser = await chromium.launch({ executablePath: chromiumPath(), args: switches });
  });
  after(async () => {
    await browser.close();
    await rm(dir, { recursive: true });
  });

  async function open(name: string, fragment = '', options: BrowserContextOptions = {}): Promise<Opened> {
    const page = await browser.newPage({ viewport: desktop, ...options });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(urls.get(name) ?? '?') && url !== 'data:,') complaints.push(`request to ${url}`);
    });
    await page.goto(`${urls.get(name)}${fragment}`);
    await untilDrawn(page);
    return { page, complaints };
  }

  /** Runs `body` on an opened page, then asks that nothing was logged or loaded. */
  async function on(
    [name, fragment, options]: [string, string?, BrowserContextOptions?],
    body: (page: Page) => Promise<void>,
  ): Promise<void> {
    const { page, complaints } = await open(name, fragment, options);
    try {
      await body(page);
      expect(complaints).to.deep.equal([]);
    } finally {
      await page.close();
    }
  }

  const row = (page: Page, id: string) =>
    page.locator('details.scenario').filter({ has: page.locator('.id', { hasText: new RegExp(`^${id}$`) }) });

  it('says what the run may claim, and how many of what', () =>
    on(['example'], async (page) => {
      expect(await page.locator('#headline').innerText()).to.match(/5 of 63\s+scenarios failed/);
      expect(await page.locator('.counts').innerText())
        .to.match(/3\s*wrong/)
        .and.match(/58\s*pass/);
      expect(await page.title()).to.equal('5 of 63 scenarios failed · routeproof/gateway · routeproof');
      expect(await page.locator('.facts').innerText())
        .to.include('Example CPU')
        .and.include('24 GiB')
        .and.include('2026-11-22 09:30 UTC');
    }));

  it('draws every chart of a valid benchmark, and no figure of an invalid one', () =>
    on(['example'], async (page) => {
      const charts = page.locator('.chart svg');
      expect(await charts.count()).to.equal(2);
      for (const chart of await charts.all()) {
        expect(await chart.locator('path').count()).to.be.greaterThan(10);
        expect(await chart.textContent())
          .to.include('gateway')
          .and.include('ms');
      }
      const invalid = page.locator('.load').filter({ hasText: 'large-messages' });
      expect(await invalid.locator('.chart').count()).to.equal(0);
      expect(await invalid.innerText())
        .to.include('37 iterations were dropped')
        .and.not.match(/\d ms/);
      expect(await page.locator('.load').first().innerText())
        .to.include('0.909 ms')
        .and.include('118 µs/request');
    }));

  it('splits what a call costs into what Envoy and what the configuration adds, with intervals', () =>
    on(['example'], async (page) => {
      const table = page.locator('.load').first().locator('table.intervals');
      const lines = await table.locator('tr').allInnerTexts();
      expect(lines[0]).to.match(/floor − direct\s+gateway − floor\s+gateway \/ floor/);
      expect(lines[1])
        .to.include('+0.0960 ms')
        .and.include('+0.0931 to +0.0998 ms')
        .and.include('1.14 times');
      expect(lines[2]).to.include('+17.1 µs');
      expect(await table.locator('caption').innerText()).to.match(/95 % intervals/);
    }));

  it('draws a benchmark of several cases, and says which figure is missing and why', () =>
    on(['cases'], async (page) => {
      expect(await page.locator('#headline').innerText()).to.match(/1 benchmark measured/);
      const benchmark = page.locator('.load');
      expect(await benchmark.innerText())
        .to.include('Not everything was measured.')
        .and.include('3 iterations dropped');
      const row = benchmark.locator('tr', { hasText: '1000 rules' });
      expect(await row.innerText())
        .to.include('0.340 ms')
        .and.include('invalid')
        .and.not.include('0.81');
      const [chart, ...others] = await benchmark.locator('.chart svg').all();
      expect(others).to.deep.equal([]);
      expect(await chart?.textContent())
        .to.include('1000 rules')
        .and.include('gateway');
    }));

  it('draws the trend of each figure over the runs of a history, with a gap where one was invalid', () =>
    on(['trend'], async (page) => {
      const section = page.locator('section', { has: page.locator('#trend-title') });
      expect(await section.innerText()).to.include('5 runs, oldest first.');
      const charts = section.locator('.chart');
      expect(await charts.count()).to.equal(6);
      const ratio = charts.and(page.getByRole('img', { name: /gateway \/ floor over 5 runs/ }));
      expect(await ratio.textContent())
        .to.include('00000000')
        .and.include('44444444')
        .and.include('times');
      const bytes = charts.and(page.getByRole('img', { name: /bytesToProxyPerChange/ }));
      expect(await bytes.textContent())
        .to.include('100 routes')
        .and.include('5000 routes');
      // Symbols: one for each run of its three lines.
      expect(await bytes.locator('path').count()).to.be.greaterThan(15);
    }));

  it('draws percentiles and scaling curves of the control plane, and no number of an invalid figure', () =>
    on(['controlPlane'], async (page) => {
      expect(await page.locator('#headline').innerText()).to.match(/1 benchmark measured/);
      const [measured, failed] = await page.locator('.control-plane').all();
      if (measured === undefined || failed === undefined) throw new Error('not both benchmarks are there');
      const [percentiles, scaling, ...others] = await measured.locator('.chart svg').all();
      expect(others).to.deep.equal([]);
      for (const name of ['changeServedMs 10 routes', 'changeServedMs 3000 routes'])
        expect(await percentiles?.textContent()).to.include(name);
      expect(await scaling?.textContent())
        .to.include('p99')
        .and.include('1000 routes');
      expect(await scaling?.locator('path').count()).to.be.greaterThan(10);
      const row = measured.locator('tr', { hasText: 'One route added' });
      expect(await row.innerText())
        .to.include('invalid')
        .and.not.match(/\d ms/);
      expect(await measured.locator('tr', { hasText: 'Calls lost' }).innerText())
        .to.include('15 calls')
        .and.include('12 UNAVAILABLE, 3 wrong backend');
      expect(await measured.locator('.invalid').innerText()).to.include('cannot be seen from here');
      expect(await failed.innerText()).to.include('Invalid measurement.');
      expect(await failed.locator('.chart, table').count()).to.equal(0);
      expect(await violations(page)).to.deep.equal([]);
      expect(await overflow(page)).to.equal(0);
    }));

  it('shows every scenario and every clause in the matrix with a word beside the colour', () =>
    on(['example'], async (page) => {
      const tiles = page.locator('.tile');
      expect(await tiles.count()).to.equal(65);
      const wrong = page.locator('.tile.v-wrong').first();
      expect(await wrong.textContent()).to.match(/✕wrong: no-grant/);
      await page.getByRole('button', { name: 'Clauses' }).click();
      const failed = page.locator('.tile.v-wrong', { hasText: 'header-several-all-must-match' });
      expect(await failed.textContent()).to.match(/failed: /);
      await failed.click();
      await visibleRows(page, 1);
    }));

  it('finds a failing scenario by filter and opens it by click', () =>
    on(['example'], async (page) => {
      await page.locator('.toggle', { hasText: 'wrong' }).click();
      await visibleRows(page, 3);
      await page.getByLabel('Search scenarios').fill('two headers');
      await visibleRows(page, 1);
      await row(page, failing).locator('summary').first().click();
      await expectFailure(page);
      expect(new URL(page.url()).hash).to.equal(`#scenario=${failing}`);
    }));

  it('finds and opens it by keyboard alone', () =>
    on(['example'], async (page) => {
      await page.getByLabel('Search scenarios').focus();
      await page.keyboard.type('several-all');
      await visibleRows(page, 1);
      const summary = row(page, failing).locator('summary').first();
      for (let i = 0; i < 20 && !(await isFocused(page, 'several-all')); i++)
        await page.keyboard.press('Tab');
      expect(await isFocused(page, 'several-all')).to.equal(true);
      await page.keyboard.press('Enter');
      await expectFailure(page);
      await page.keyboard.press('Enter');
      expect(await summary.locator('..').getAttribute('open')).to.equal(null);
    }));

  it('opens what a link names, also when another link is followed, and says when there is no such scenario', () =>
    on(['example', `#scenario=${failing}`], async (page) => {
      await expectFailure(page);
      await page.evaluate(`location.hash = '#scenario=tls/several-certificates'`);
      await row(page, 'tls/several-certificates').locator('.verdict-line').waitFor();
      await page.evaluate(`location.hash = '#scenario=tls/none'`);
      await page.getByText('No scenario tls/none in this run').waitFor();
    }));

  async function expectFailure(page: Page): Promise<void> {
    const detail = row(page, failing).locator('.detail');
    await detail.locator('.verdict-line').waitFor();
    const text = await detail.innerText();
    expect(text)
      .to.match(/wrong at layer routed/i)
      .and.include('status UNIMPLEMENTED, no backend');
    expect(text).to.include('status OK from backend v2').and.include('grpcurl -plaintext');
    expect(await detail.locator('.step.fault').innerText()).to.match(/routed/);
    expect(await detail.locator('.step.unknown').allInnerTexts()).to.have.length(2);
    expect(await detail.locator('.step.absent').innerText()).to.match(/tls[^]*not applicable/);
    expect(await detail.locator('.lane').count()).to.equal(7);
    const ends = detail.locator('.part', {
      has: page.getByRole('heading', { name: 'Both ends of the call' }),
    });
    expect(await ends.locator('tr.changed').innerText()).to.match(/x-version[^]*v2[^]*v1/);
    expect(await ends.locator('tr.lost').innerText()).to.include('token-bin');
  }

  it('shows what tells whose fault it is: both ends, the call elsewhere, the pass rate, the bundle', () =>
    on(['example', `#scenario=${failing}`], async (page) => {
      await expectFailure(page);
      const detail = row(page, failing).locator('.detail');
      const text = await detail.innerText();
      expect(text).to.include('straight to v1, without the gateway: OK (0) from v1');
      expect(text).to.include('only the GRPCRoute goes wrong');
      expect(text).to.include('1 Too many pods');
      expect(text)
        .to.include('passed 1 of 5 runs (95 % interval: 4 % to 62 %)')
        .and.include('25 % of the time limits');
      expect(await detail.locator('.marks .mark').count()).to.equal(5);
      expect(await detail.locator('.bundle a').getAttribute('href')).to.equal(`repro/${failing}/README.md`);
      await detail.locator('.elsewhere summary', { hasText: 'As HTTPRoute' }).click();
      expect(await detail.locator('.elsewhere .code').innerText()).to.include('kind: HTTPRoute');
      const order = [
        'Both ends of the call',
        'The same call elsewhere',
        'Pods of its Gateways that were not ready',
        'Again, alone',
        'See it by hand',
        'Timeline',
      ];
      expect(order.map((title) => text.indexOf(title))).to.deep.equal(
        order.map((title) => text.indexOf(title)).toSorted((a, b) => a - b),
      );
    }));

  it('shows how the runs of a scenario differed', () =>
    on(['repeated', '#scenario=header/exact'], async (page) => {
      const detail = row(page, 'header/exact').locator('.detail');
      await detail.locator('.marks').waitFor();
      expect(await detail.innerText()).to.include('2 pass, 1 wrong: they differ');
      expect(await page.locator('.caveats').innerText()).to.include('3 runs, 1 scenario differed');
    }));

  it('copies the repro commands', () =>
    on(
      ['example', `#scenario=${failing}`, { permissions: ['clipboard-read', 'clipboard-write'] }],
      async (page) => {
        await row(page, failing).getByLabel('Copy commands').click();
        await page.getByText('Copied').waitFor();
        expect(await page.evaluate('navigator.clipboard.readText()')).to.match(/^kubectl apply[^]*grpcurl/);
      },
    ));

  it('shows objects with their conditions, YAML and logs on demand', () =>
    on(['example', '#scenario=cross-namespace/no-grant'], async (page) => {
      const detail = row(page, 'cross-namespace/no-grant').locator('.detail');
      await detail.locator('.object-view summary').first().click();
      const yaml = detail.locator('.object-view .code').first();
      expect(await yaml.innerText())
        .to.include('kind: GRPCRoute')
        .and.include('Ümläut');
      expect(await yaml.locator('.y-key').count()).to.be.greaterThan(5);
      expect(await detail.locator('.condition.stale').count()).to.be.greaterThan(0);
      await detail.locator('.log summary').click();
      expect(await detail.locator('.log pre').innerText()).to.include('upstream=10.244.0.7:9000');
    }));

  it('leaves injected markup inert and visible', () =>
    on(['hostile', '#verdict=wrong'], async (page) => {
      await visibleRows(page, 3);
      for (const summary of await page.locator('details.scenario:visible > summary').all())
        await summary.click();
      await page.locator('.object-view').first().waitFor();
      // Opening draws what is inside, which may hold more to open.
      await page.evaluate(`new Promise((resolve) => {
        const step = () => {
          const closed = document.querySelectorAll('.detail details:not([open])');
          for (const details of closed) details.open = true;
          const empty = document.querySelectorAll('.detail details:not(:has(> .body))').length;
          const drawn = document.querySelectorAll('.verdict-line').length;
          if (closed.length === 0 && empty === 0 && drawn === 3) resolve();
          else requestAnimationFrame(step);
        };
        step();
      })`);
      expect(await page.evaluate('window.injected')).to.equal(undefined);
      expect(await page.locator('#report img, #report script').count()).to.equal(0);
      expect(await page.locator('.verdict-line').first().locator('xpath=..').innerText()).to.include(
        '<img src=x',
      );
      expect(await page.locator('a[href^="javascript"]').count()).to.equal(0);
      expect(await overflow(page)).to.equal(0);
    }));

  for (const [name, fragment] of [
    ['example', ''],
    ['example', `#scenario=${failing}`],
    ['passing', ''],
    ['hostile', ''],
  ] as const)
    it(`fits a phone of 360 px: ${name} ${fragment}`, () =>
      on([name, fragment, { viewport: phone, hasTouch: true, isMobile: true }], async (page) => {
        if (fragment !== '') await row(page, failing).locator('.verdict-line').waitFor();
        expect(await overflow(page)).to.equal(0);
      }));

  for (const colorScheme of ['light', 'dark'] as const)
    it(`breaks no accessibility rule that axe knows, ${colorScheme}`, () =>
      on(['short', `#scenario=${failing}`, { colorScheme }], async (page) => {
        await row(page, failing).locator('.verdict-line').waitFor();
        const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        expect(background).to.equal(colorScheme === 'dark' ? 'rgb(22, 23, 21)' : 'rgb(250, 249, 246)');
        expect(await violations(page)).to.deep.equal([]);
      }));

  it('switches to the other scheme on demand and redraws the charts', () =>
    on(['example', '', { colorScheme: 'light' }], async (page) => {
      const before = await page.locator('.chart svg').first().innerHTML();
      await page.getByRole('button', { name: 'Switch between light and dark' }).click();
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).to.equal(
        'rgb(22, 23, 21)',
      );
      expect(await page.locator('.chart svg').first().innerHTML()).not.to.equal(before);
    }));

  it('prints on white paper without controls', () =>
    on(['example', `#scenario=${failing}`, { colorScheme: 'dark' }], async (page) => {
      await row(page, failing).locator('.verdict-line').waitFor();
      await page.emulateMedia({ media: 'print' });
      await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
      expect(await page.locator('.filter').isVisible()).to.equal(false);
      expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).to.equal('light');
      const pdf = await page.pdf();
      expect(pdf.subarray(0, 5).toString()).to.equal('%PDF-');
    }));

  it('opens a run of a thousand scenarios, unpacking only what is asked for', () =>
    on(['large'], async (page) => {
      expect(await page.locator('details.scenario').count()).to.equal(1000);
      expect(await page.locator('.detail > *').count()).to.equal(0);
      await page.locator('details.scenario > summary').first().click();
      await page.locator('.verdict-line').waitFor();
      expect(await page.locator('.verdict-line').count()).to.equal(1);
    }));

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(await readFile(axeFile, 'utf8'));
    const found = await page.evaluate<{
      violations: { id: string; nodes: { html: string }[] }[];
    }>('axe.run()');
    return found.violations.map(
      (v) =>
        `${v.id}: ${v.nodes
          .map((n) => n.html)
          .slice(0, 3)
          .join('  ')}`,
    );
  }
});

/** What `routeproof load` leaves: benchmarks and no scenario. */
function controlPlaneRun(): Run {
  const controlPlane = exampleControlPlane();
  return { ...passingRun(), command: 'load', scenarios: [], load: [], controlPlane };
}

/** The last of five runs of which the third had lost calls. */
function trendRun(): Run {
  const runs = [1, 2, 3, 4, 5].map((seed) =>
    runLike({ seed, gatewayMs: 0.5 + seed / 20, lost: seed === 3 ? 4 : 0 }),
  );
  const history = runs.map((run, index) => historyEntry(run, `${index}`.repeat(40)));
  return { ...controlPlaneRun(), controlPlane: [], history };
}

/** One scenario of each suite and every failing one: axe looks at each element's contrast, which takes its time. */
function shortRun(): Run {
  const run = exampleRun();
  const scenarios = run.scenarios.filter(
    (s, i) => s.verdict !== 'pass' || run.scenarios[i - 1]?.suite !== s.suite,
  );
  return { ...run, scenarios };
}

async function visibleRows(page: Page, count: number): Promise<void> {
  expect(await page.locator('details.scenario:visible').count()).to.equal(count);
}

function isFocused(page: Page, text: string): Promise<boolean> {
  return page.evaluate<boolean>(
    `document.activeElement.matches('summary') && document.activeElement.textContent.includes(${JSON.stringify(text)})`,
  );
}

function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
