import { mkdtemp, rm, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Run } from '../harness/results/run.ts';
import { chromiumPath, switches, untilDrawn } from './testing/chromium.fixture.ts';
import { writeComparison } from './write-comparison.ts';
import { exampleControlPlane } from './testing/example-control-plane.fixture.ts';
import { exampleRun, hostileRun, passingRun } from './testing/example-run.fixture.ts';

const failing = 'header/several-all-must-match';

describe('matrix.html in Chromium', function () {
  this.timeout(120_000);
  let browser: Browser;
  let dir: string;
  const urls = new Map<string, string>();

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'routeproof-matrix-'));
    const compared: Record<string, Run[]> = {
      example: [
        knownFailure('first'),
        withControlPlane(named(exampleRun(), 'second')),
        named(passingRun(), 'third'),
      ],
      hostile: [hostileRun(), passingRun()],
    };
    for (const [name, runs] of Object.entries(compared))
      urls.set(name, pathToFileURL((await writeComparison(runs, join(dir, name))).html).href);
    browser = await chromium.launch({ executablePath: chromiumPath(), args: switches });
  });
  after(async () => {
    await browser.close();
    await rm(dir, { recursive: true });
  });

  async function on(
    name: string,
    fragment: string,
    width: number,
    body: (page: Page) => Promise<void>,
  ): Promise<void> {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(urls.get(name) ?? '?') && request.url() !== 'data:,')
        complaints.push(request.url());
    });
    try {
      await page.goto(`${urls.get(name)}${fragment}`);
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
  const row = (page: Page, id: string) =>
    page
      .locator('details.compared-row')
      .filter({ has: page.locator('.id', { hasText: new RegExp(`^${id}$`) }) });

  it('says of each implementation what it did, and shows what some of them fail', () =>
    on('example', '', 1280, async (page) => {
      expect(await page.locator('#headline').innerText()).to.equal('3 implementations, 65 scenarios');
      expect(await page.locator('.card').count()).to.equal(3);
      expect(await page.locator('.card').first().innerText()).to.match(/1\s*failed, known/);
      const marks = row(page, failing).locator('.cell');
      expect(await marks.allTextContents()).to.deep.equal([
        '✗failed, known: first',
        '✕failed: second',
        '✓pass: third',
      ]);
      expect(await row(page, 'header/exact').isVisible()).to.equal(false);
      await page.getByLabel('Also what nobody fails').check();
      expect(await row(page, 'header/exact').isVisible()).to.equal(true);
    }));

  it('has the evidence of a failure a click away, with the reason that is known', () =>
    on('example', '', 360, async (page) => {
      await row(page, failing).locator('summary').first().click();
      const finding = row(page, failing).locator('details.finding').first();
      await finding.locator('.expected-seen').waitFor();
      expect(await finding.innerText())
        .to.include('a reason that was found')
        .and.include('status UNIMPLEMENTED');
      expect(await finding.locator('.bundle a').getAttribute('href')).to.equal(
        `runs/first-0.1.0/repro/${failing}/README.md`,
      );
    }));

  it('leads from a clause to its scenarios, and opens what a link names', () =>
    on('example', '#clause=header-several-all-must-match', 1280, async (page) => {
      const clause = row(page, 'header-several-all-must-match');
      expect(await clause.getAttribute('open')).to.equal('');
      await clause.locator('.finding a').first().click();
      await row(page, failing).locator('.expected-seen').first().waitFor();
    }));

  it('puts the figures side by side, and none of an invalid benchmark', () =>
    on('example', '', 1280, async (page) => {
      const table = page.locator('.loads table').first();
      expect(await table.locator('tbody tr').count()).to.equal(11);
      expect(await table.innerText())
        .to.include('invalid: ')
        .and.include('0.909 ms');
    }));

  it('has the figures of changes of the configuration too, with what was not measured and charts below', () =>
    on('example', '', 1280, async (page) => {
      const section = page.locator('section', { has: page.locator('#figures-title') });
      expect(await section.locator('tr.group').allTextContents()).to.include('route-propagation');
      const figure = section.locator('tbody tr').filter({ hasText: '3000 routes' });
      expect(await figure.locator('td.num').allTextContents()).to.deep.equal(['–', '9.38 ms / 31.6 ms', '–']);
      await section.getByText('Invalid or not measured, and why').click();
      expect(await section.locator('ul').innerText()).to.include(
        'second, restart: the Gateway of the benchmark',
      );
      await section.getByText('second: route-propagation').click();
      await section.locator('.control-plane canvas, .control-plane svg').first().waitFor();
    }));

  it('leaves injected markup inert', () =>
    on('hostile', '', 360, async (page) => {
      for (const summary of await page.locator('details.compared-row:visible > summary').all())
        await summary.click();
      await page.locator('.expected-seen').first().waitFor();
      expect(await page.evaluate('window.injected')).to.equal(undefined);
      expect(await page.locator('#report img, #report script').count()).to.equal(0);
    }));

  it('writes a table in Markdown beside it', async () => {
    expect(await readFile(join(dir, 'example', 'matrix.md'), 'utf8')).to.include(
      `| \`${failing}\` | ✗ | ✕ | ✓ |`,
    );
  });
});

function named(run: Run, name: string): Run {
  return { ...run, implementation: { ...run.implementation, name } };
}

function withControlPlane(run: Run): Run {
  return { ...run, controlPlane: exampleControlPlane() };
}

function knownFailure(name: string): Run {
  const run = named(exampleRun(), name);
  const scenarios = run.scenarios.map((s) =>
    s.id === failing ? { ...s, known: 'a reason that was found' } : s,
  );
  return { ...run, scenarios };
}
