// Every page of the client area, the admin area and the addon module, in the looks and widths that people have.

import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { visitor } from './lib/browser.mjs';
import { somebody } from './lib/http.mjs';
import { assertFits, assertUsable } from './lib/look.mjs';
import { pages } from './lib/pages.mjs';
import { clients, loginAs, quick, whmcs } from './lib/workbench.mjs';

const LOOKS = quick ? ['bootstrap4'] : ['bootstrap3', 'bootstrap4', 'bare'];
const WIDTHS = [360, 1440];
/** What the modules show to staff: the addon module's pages, and the form of a service with their fields. */
const OF_STAFF = ['.provisioning-page', '.provisioning-admin', 'form#service'];

/** Opens each page as a visitor does, and looks at it; of the admin area at what is the modules' own, and that the page is not wider than the screen. */
async function lookAt(t, { page, complaints }, paths, look) {
    for (const path of paths) {
        const separator = path.includes('?') ? '&' : '?';
        await t.test(path, async () => {
            complaints.length = 0;
            const answer = await page.goto(whmcs.page(`${path}${separator}look=${look}`));
            assert.equal(answer.headers()['x-workbench-faults'], '0', await page.locator('.workbench-faults').allInnerTexts().then(String));
            for (const part of path.startsWith('/admin/') ? OF_STAFF : ['main']) {
                if (await page.locator(part).count() > 0) {
                    await assertFits(page, part, path);
                    await assertUsable(page, part, path);
                }
            }
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'no wider than the screen');
            assert.deepEqual(complaints, []);
        });
    }
}

describe('a page of the client area', () => {
    for (const look of LOOKS) {
        for (const width of WIDTHS) {
            test(`fits and can be used in ${look} at ${width} px`, async (t) => {
                for (const client of quick ? clients().slice(0, 1) : clients()) {
                    const customer = await visitor(t, { width });
                    await loginAs(customer.page, `client-${client}`);
                    await lookAt(t, customer, await pages(await somebody(`client-${client}`), '/clientarea.php', /^\/(clientarea|cart|index)\.php/), look);
                }
            });
        }
    }
});

describe('a page of the admin area', { skip: quick }, () => {
    for (const width of WIDTHS) {
        test(`fits and can be used at ${width} px`, async (t) => {
            const staff = await visitor(t, { width });
            await loginAs(staff.page, 'staff-1');
            await lookAt(t, staff, await pages(await somebody('staff-1'), '/admin/index.php', /^\/admin\//), 'bootstrap3');
        });
    }
});
