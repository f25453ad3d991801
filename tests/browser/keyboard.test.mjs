// The customer's pages without a mouse, without JavaScript, and on paper.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visitor } from './lib/browser.mjs';
import { assertFits } from './lib/look.mjs';
import { order } from './lib/shop.mjs';
import { clients, cometServices, jetpackServices, loginAs, productPage, whmcs } from './lib/workbench.mjs';

const PAGES = { cometbackup: cometServices()[0], jetpack: jetpackServices()[0] };
const OURS = '.provisioning-page';
/** What a visitor can come to with the Tab key. */
const STOPS = 'a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, summary, [tabindex="0"]';

/** What has the focus, and how one sees that. */
function focused() {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const box = one.getBoundingClientRect();
    return {
        number: [...document.querySelectorAll('*')].indexOf(one), name: one.outerHTML.slice(0, 120), tag: one.tagName,
        seen: outlined || style.boxShadow !== 'none', onScreen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    };
}

async function opened(t, module, options = {}) {
    const service = PAGES[module];
    const customer = await visitor(t, options);
    await loginAs(customer.page, `client-${service.client}`);
    await customer.page.goto(whmcs.page(productPage(service)));
    return customer;
}

for (const module of Object.keys(PAGES)) {
    describe(`the page of ${module}`, () => {
        test('can be used with the keyboard alone, and shows where one is', async (t) => {
            const { page } = await opened(t, module);
            const wanted = await page.locator(OURS).evaluate((root, stops) => [...root.querySelectorAll(stops)]
                .filter((one) => one.checkVisibility() && getComputedStyle(one).visibility !== 'hidden')
                .map((one) => [...document.querySelectorAll('*')].indexOf(one)), STOPS);
            assert.ok(wanted.length > 0);
            const reached = new Map();
            for (let presses = 0; presses < 400; presses++) {
                await page.keyboard.press('Tab');
                const now = await page.evaluate(focused);
                if (now.tag === 'BODY' || reached.has(now.number)) {
                    break;
                }
                reached.set(now.number, now);
            }
            assert.deepEqual(wanted.filter((number) => !reached.has(number)), [], 'every stop is reached');
            assert.deepEqual([...reached.values()].filter(({ number, seen, onScreen }) => wanted.includes(number) && !(seen && onScreen)), []);
        });

        test('opens its folds with the keyboard', async (t) => {
            const { page } = await opened(t, module);
            for (const fold of await page.locator(`${OURS} details`).all()) {
                if (!await fold.locator('> summary').isVisible()) {
                    continue;
                }
                const was = await fold.evaluate((one) => one.open);
                await fold.locator('> summary').focus();
                await page.keyboard.press('Enter');
                assert.equal(await fold.evaluate((one) => one.open), !was);
                await page.keyboard.press('Enter');
            }
        });

        test('says all it has to say without JavaScript', async (t) => {
            const { page: with_ } = await opened(t, module);
            const { page, complaints } = await opened(t, module, { javaScriptEnabled: false });
            const words = (text) => text.replace(/\s+/g, ' ').trim();
            const all = words(await with_.locator(OURS).textContent());
            assert.equal(words(await page.locator(OURS).textContent()), all);
            assert.equal(await page.locator(`${OURS} .provisioning-copy button:visible`).count(), 0, 'no button that does nothing');
            assert.deepEqual(complaints, []);
        });

        test('fits on paper', async (t) => {
            const { page } = await opened(t, module, { width: 718 });
            // Bootstrap 4 prints on larger paper.
            await page.goto(whmcs.page(`${productPage(PAGES[module])}&look=bootstrap3`));
            await page.emulateMedia({ media: 'print' });
            await assertFits(page, OURS, 'print');
            assert.ok((await page.pdf({ format: 'A4' })).length > 1000);
        });

        test('has its sentences in the languages of its customers', async (t) => {
            const { page } = await opened(t, module);
            const texts = new Set();
            for (const language of ['english', 'german', 'french', 'spanish']) {
                await page.goto(whmcs.page(`${productPage(PAGES[module])}&language=${language}`));
                const text = await page.locator(OURS).innerText();
                assert.doesNotMatch(text, /\{\w+\}|\$text|\b(state|page|client|sign_on)\.\w+/, `${language} has no key or placeholder on the page`);
                texts.add(text);
                for (const width of [360, 1440]) {
                    await page.setViewportSize({ width, height: 900 });
                    await assertFits(page, OURS, `${language} at ${width} px`);
                }
            }
            assert.equal(texts.size, 4);
        });
    });
}

test('the button beside a license copies its key', async (t) => {
    const { page, context } = await opened(t, 'jetpack', { permissions: ['clipboard-read', 'clipboard-write'] });
    const button = page.locator(OURS).getByRole('button', { name: /copy/i }).first();
    await button.focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== '');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok((await page.locator(OURS).textContent()).includes(copied.trim()), copied);
    assert.ok(context);
});

test('a customer changes the password of his backup account without a mouse', async (t) => {
    const [client] = clients();
    const service = await order('cometbackup', client);
    const { page } = await visitor(t);
    await loginAs(page, `client-${client}`);
    await page.goto(whmcs.page(service.page));
    await page.locator('input[name=newpw]').focus();
    await page.keyboard.type('Another-Horse-2');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Another-Horse-2');
    await page.keyboard.press('Enter');
    await page.getByText('Your password has now been changed').waitFor();
});
