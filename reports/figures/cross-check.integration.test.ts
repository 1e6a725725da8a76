import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { chromium } from 'playwright-core';
import { chromiumPath, switches } from '../testing/chromium.fixture.ts';
import { crossCheckedRun } from './cross-check.fixture.ts';
import { writeReports } from '../write-reports.ts';

describe('other load generators in report.html', function () {
  this.timeout(120_000);

  it('stand below the benchmark with their verdicts', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'routeproof-cross-check-'));
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: switches });
    try {
      const { html } = await writeReports(crossCheckedRun(), dir);
      const page = await browser.newPage();
      await page.goto(pathToFileURL(html).href);
      const check = page.locator('.cross-check');
      await check.waitFor();
      expect(await check.locator('li').allInnerTexts()).to.deep.equal([
        'ghz: disagrees',
        'h2load: not measured: not installed: no <b>h2load</b>',
      ]);
      expect(await check.locator('.bad').allInnerTexts()).to.deep.equal(['disagrees']);
      expect(await check.locator('tbody tr').count()).to.equal(2);
    } finally {
      await browser.close();
      await rm(dir, { recursive: true });
    }
  });
});
