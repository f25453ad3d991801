// The script of the sign-on page: who gets the session key, and how often.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visitor } from './lib/browser.mjs';
import { assertUsable } from './lib/look.mjs';
import { comet, cometServices, loginAs, productPage, whmcs } from './lib/workbench.mjs';

const SILENT = '<!DOCTYPE html><script>var received = []; addEventListener("message", function (event) {'
    + 'received.push({ origin: event.origin, data: event.data }); });</script>';
/** As Comet's web interface does once it is there. */
const SPEAKS = `${SILENT}<script>opener.postMessage({ msg: "app_loaded" }, "*");</script>`;
const LOADED = { msg: 'app_loaded' };
const [SERVICE] = cometServices();

/** The link in the sidebar of the customer's page. */
const signOnAddress = () => whmcs.page(`${productPage(SERVICE)}&dosinglesignon=1`);
const STRANGER = 'http://stranger.example';

/** Session keys of earlier tests. */
let known = new Set();

/** A customer who has asked for a sign-on: the page behind his ticket, and a server whose web interface is this HTML. */
async function signOn(test, webInterface, prepare = () => {}) {
    const customer = await visitor(test);
    await serve(customer.context, `${comet.origin}/`, webInterface);
    await loginAs(customer.page, `client-${SERVICE.client}`);
    known = new Set((await comet.sessions()).map(({ key }) => key));
    await prepare(customer);
    return customer;
}

async function serve(context, address, html) {
    await context.unroute(address);
    await context.route(address, (route) => route.fulfill({ contentType: 'text/html', body: html }));
}

/** The visitor presses the button; the window that opens. */
async function press(page) {
    const opened = page.context().waitForEvent('page');
    await page.locator('#open:enabled').click();
    return opened;
}

/** What Comet's web interface has to be told. */
async function handedOver() {
    const sessions = (await comet.sessions()).filter(({ key }) => !known.has(key));
    assert.equal(sessions.length, 1);
    return { msg: 'user_session_login', username: sessions[0].name, sessionkey: sessions[0].key };
}

/**
 * A window speaks to the page. Messages keep their order, so all that the page had to say was said before the answer to our own
 * question, which is waited for. Returns what the window was told, besides the first ones.
 */
async function told(page, window, reference, first = 0, message = LOADED) {
    const question = `question ${Math.random()}`;
    await page.evaluate((question) => {
        addEventListener('message', (event) => event.data === question && event.source.postMessage(question, '*'));
    }, question);
    await window.evaluate(([reference, message, question]) => {
        self[reference].postMessage(message, '*');
        self[reference].postMessage(question, '*');
    }, [reference, message, question]);
    await window.waitForFunction((question) => received.some(({ data }) => data === question), question);
    const received = await window.evaluate(() => received.filter(({ data }) => typeof data !== 'string').map(({ data }) => data));
    return received.slice(first);
}

async function assertShows(page, only) {
    await page.locator(`#${only}`).waitFor();
    const shown = await page.evaluate(() => ['waiting', 'blocked', 'done'].filter((id) => !document.getElementById(id).hidden));
    assert.deepEqual(shown, [only]);
}

describe('the sign-on page', () => {
    test('hands the key once to the origin of the server', async (t) => {
        const { page, complaints } = await signOn(t, SPEAKS);
        await page.goto(signOnAddress());
        const opened = await press(page);

        await opened.waitForFunction(() => received.length === 1);
        assert.deepEqual(await opened.evaluate(() => received), [{ origin: whmcs.origin, data: await handedOver() }]);
        assert.equal(opened.url(), `${comet.origin}/`);
        await assertShows(page, 'done');
        assert.ok(await page.locator('#open').isDisabled());

        assert.deepEqual(await told(page, opened, 'opener', 1), []);
        assert.ok(!page.url().includes((await handedOver()).sessionkey));
        assert.deepEqual(complaints, []);
    });

    test('tells nothing to another origin in the window that it opened', async (t) => {
        const { context, page } = await signOn(t, `<script>location.replace('${STRANGER}/')</script>`);
        await serve(context, `${STRANGER}/`, SPEAKS);
        await page.goto(signOnAddress());
        const opened = await press(page);
        await opened.waitForURL(`${STRANGER}/`);

        assert.deepEqual(await told(page, opened, 'opener'), []);
        await assertShows(page, 'waiting');

        // The key was there to be had: the right origin in the same window gets it.
        await serve(context, `${comet.origin}/`, SPEAKS);
        await opened.evaluate((address) => location.assign(address), `${comet.origin}/`);
        await opened.waitForFunction((origin) => location.origin === origin && received.length === 1, comet.origin);
        assert.deepEqual(await opened.evaluate(() => received[0].data), await handedOver());
    });

    test('tells nothing to another window of the server', async (t) => {
        const { context, page: other } = await signOn(t, SILENT);
        await other.goto(`${comet.origin}/`);
        const opening = context.waitForEvent('page');
        await other.evaluate((address) => { window.page = open(address); }, signOnAddress());
        const page = await opening;
        await page.waitForLoadState();

        assert.deepEqual(await told(page, other, 'page'), []);
        const opened = await press(page);
        await opened.waitForLoadState();

        assert.deepEqual(await told(page, other, 'page'), []);
        await assertShows(page, 'waiting');
        assert.deepEqual(await told(page, opened, 'opener'), [await handedOver()]);
    });

    for (const message of ['app_loaded', null, { msg: 'app_load' }, ['app_loaded'], 7]) {
        test(`does not answer the message ${JSON.stringify(message)}`, async (t) => {
            const { page } = await signOn(t, SILENT);
            await page.goto(signOnAddress());
            const opened = await press(page);
            await opened.waitForLoadState();

            assert.deepEqual(await told(page, opened, 'opener', 0, message), []);
            assert.deepEqual(await told(page, opened, 'opener'), [await handedOver()]);
        });
    }

    test('says that the browser has blocked the window, which can be opened again', async (t) => {
        // Without a visitor's gesture the browser opens nothing.
        const { page } = await signOn(t, SPEAKS, ({ page }) => page.addInitScript(() => {
            addEventListener('load', () => document.getElementById('open')?.click());
        }));
        await page.goto(signOnAddress());

        await page.locator('#blocked', { hasText: 'Allow pop-ups for this page' }).waitFor();
        await assertShows(page, 'blocked');
        const opened = await press(page);
        await opened.waitForFunction(() => received.length === 1);
        await assertShows(page, 'done');
    });

    test('lets our script and style in and no other', async (t) => {
        const { page, complaints } = await signOn(t, SILENT);
        await page.goto(signOnAddress());
        const button = page.locator('#open:enabled');
        assert.equal(await button.evaluate((one) => getComputedStyle(one).backgroundColor), 'rgb(27, 94, 158)');
        assert.deepEqual(complaints, []);

        await page.evaluate(() => {
            document.body.appendChild(Object.assign(document.createElement('script'), { textContent: 'window.foreign = 1' }));
            document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.foreign = 2">');
        });
        await page.waitForFunction(() => document.images.length === 1 && document.images[0].complete);
        assert.equal(await page.evaluate(() => typeof foreign), 'undefined');
        assert.notDeepEqual(complaints, []);
    });

    test('can be used by everybody', async (t) => {
        const { page } = await signOn(t, SILENT);
        await page.goto(signOnAddress());
        await page.locator('#open:enabled').waitFor();
        await assertUsable(page, 'body', 'sign-on');
    });
});
