import type { Page } from 'playwright-core';
import { isExecutable } from '../../common/tools.ts';

/** Chromium's own switches against talking to anyone; without them it looks for updates while a page is tested. */
export const switches = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** CHROMIUM_PATH, or where Debian, Ubuntu, Fedora and Alpine put it. A missing browser fails the test: nothing was proven. */
export function chromiumPath(): string {
  const set = process.env['CHROMIUM_PATH'];
  const places = set === undefined || set === '' ? usualPlaces : [set];
  const found = places.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `No Chromium at ${places.join(', ')}. Install it with \`apt-get install --yes chromium\`, or set CHROMIUM_PATH.`,
  );
}

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
];

/** Until a report is there with its charts: each draws itself once it has room, which may be after the headline. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.locator('#headline').waitFor();
  await page.locator('.chart:visible:not(:has(svg))').first().waitFor({ state: 'detached' });
}
