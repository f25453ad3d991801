// Takes pictures of pages that tests/screenshots.php has written: node shoot.mjs FOLDER, with pictures.json and the pages in it.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from './lib/chromium.mjs';
import { take } from './lib/picture.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const ORIGIN = 'http://whmcs.example';

const folder = process.argv[2];
const pictures = JSON.parse(readFileSync(join(folder, 'pictures.json'), 'utf8'));
const browser = await start();
const context = await browser.newContext();
await context.route(`${ORIGIN}/*`, (route) => route.fulfill({ path: join(folder, new URL(route.request().url()).pathname), contentType: 'text/html' }));
// The style sheet and the images of the modules, as below the root of WHMCS.
await context.route(`${ORIGIN}/modules/**`, (route) => route.fulfill({ path: join(ROOT, new URL(route.request().url()).pathname) }));
const page = await context.newPage();
for (const { name, width, height } of pictures) {
    await page.goto(`${ORIGIN}/${name}.html`);
    await take(page, name, width, height);
}
await browser.close();
