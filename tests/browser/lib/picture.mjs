// A picture in docs/images, with as few colors as a page has, so that it stays small.

import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The beginning of the page, at most so high. */
export async function take(page, name, width, height) {
    const picture = `docs/images/${name}.png`;
    const path = join(ROOT, picture);
    await page.setViewportSize({ width, height: 400 });
    const whole = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.min(height, whole) });
    await page.screenshot({ path });
    execFileSync('pngquant', ['--force', '--strip', '--ext', '.png', '--speed', '1', '128', path]);
    console.log(`${picture}: ${Math.ceil(statSync(path).size / 1024)} kB`);
}
