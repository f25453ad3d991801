// From the shop to the active service, as a customer goes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visitor } from './lib/browser.mjs';
import { assertFits } from './lib/look.mjs';
import { clients, comet, jetpack, loginAs, quick, sql, whmcs } from './lib/workbench.mjs';

const PRODUCTS = sql("SELECT id, name, servertype FROM tblproducts WHERE hidden = 0 AND retired = 0 AND servertype IN ('cometbackup', 'jetpack') ORDER BY id")
    .map(([id, name, module]) => ({ id, name, module }));

/** What a customer enters in a field that is called so. */
function entry(label) {
    if (/pass/i.test(label)) {
        return 'Correct-Horse-1';
    }
    return /user/i.test(label) ? `shopper${Date.now()}` : 'shop.example';
}

/** Fills the order form of a product, and goes on. */
async function configure(page, product, entered = entry) {
    await page.goto(whmcs.page('/cart.php'));
    await page.locator(`a[href$="a=add&pid=${product.id}"]`).click();
    const form = page.locator('main form');
    for (const field of await form.locator('input[type=text], input[type=password]').all()) {
        await field.fill(entered(await field.evaluate((one) => one.getAttribute('aria-label') ?? one.labels[0]?.textContent ?? one.name)));
    }
    await form.getByRole('button', { name: 'Continue' }).click();
}

describe('an order', () => {
    for (const product of quick ? PRODUCTS.filter(({ module }) => module === 'cometbackup').slice(0, 1) : PRODUCTS) {
        test(`of ${product.name} is active once it is paid`, async (t) => {
            const { page, complaints } = await visitor(t);
            await loginAs(page, `client-${clients()[0]}`);
            await configure(page, product);
            await page.getByRole('button', { name: 'Complete Order and pay' }).click();
            await page.getByRole('link', { name: 'To your service' }).click();

            const id = new URL(page.url()).searchParams.get('id');
            const [[state, name]] = sql(`SELECT domainstatus, username FROM tblhosting WHERE id = ${id}`);
            assert.equal(state, 'Active', (await page.locator('main').innerText()));
            if (product.module === 'cometbackup') {
                const [[recorded]] = sql(`SELECT username FROM mod_cometbackup_accounts WHERE service_id = ${id} AND addon_id = 0`);
                assert.ok(await comet.account(recorded), `${name} is at Comet`);
                await page.locator('main').getByText(recorded).first().waitFor();
            } else {
                const [[key]] = sql(`SELECT license_key FROM jetpack_product_licenses WHERE service_id = ${id} AND revoked_at IS NULL`);
                const { licenses } = await jetpack.state();
                assert.ok(JSON.stringify(licenses).includes(key), `${key} is at Jetpack`);
            }
            await assertFits(page, 'main', page.url());
            assert.deepEqual(complaints, []);
        });
    }
});
