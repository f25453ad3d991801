// The customer's page while Comet or Jetpack does anything that a server can do wrong: it never fails, and says a plain sentence.

import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { order } from './lib/shop.mjs';
import { age, clients, forgetPages, remote, whmcs } from './lib/workbench.mjs';

const FAULTS = {
    'is slow': { fault: 'delay', ms: 1500 },
    'says nothing': { fault: 'hang', ms: 60_000 },
    'closes the connection': { fault: 'drop' },
    'does it and closes the connection': { fault: 'act_and_drop' },
    'answers 502': { fault: 'status', status: 502, body: 'Bad Gateway' },
    'answers 403': { fault: 'status', status: 403, body: '{"Status":403,"Message":"<b>No</b>"}' },
    'answers 500 with a page': { fault: 'html', status: 500 },
    'answers with a page': { fault: 'html' },
    'stops in the middle': { fault: 'truncate' },
    'sends other types': { fault: 'wrong_types' },
    'sends nothing useful': { fault: 'json', body: [] },
    'sends null': { fault: 'json', body: null },
    'sends a byte a second': { fault: 'slow_body', ms_per_byte: 1000 },
    'asks for patience': { fault: 'rate_limit', retry_after: 60 },
    'redirects': { fault: 'redirect', location: 'http://127.0.0.1:9/' },
    'sends far too much': { fault: 'huge', bytes: 5_000_000 },
};
/** The plain sentence of a page without what Comet would have said. */
const MISSING = /cannot|could not|not available|at the moment|just now/i;
/** Seconds after which the page is there: two requests side by side, their limit, and one more try. */
const LONGEST = 10;
const [CLIENT] = clients();

/** A server that was away is left alone for ten seconds, which each fault would have to wait for. */
function forgetThatItWasDown() {
    const folder = join(dirname(whmcs.folder), 'state');
    readdirSync(folder).filter((name) => name.startsWith('down-')).forEach((name) => rmSync(join(folder, name), { force: true }));
}

const text = (html) => html.replace(/<(style|script|nav)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

async function assertSays(answer, what, sentence) {
    assert.equal(answer.status, 200, what);
    assert.equal(answer.faults, 0, what);
    assert.ok(answer.milliseconds < LONGEST * 1000, `${what}: ${Math.round(answer.milliseconds)} ms`);
    const shown = text(answer.text);
    assert.ok(answer.text.includes('provisioning-page'), `${what}: the page is there`);
    assert.doesNotMatch(shown, /Exception|panicked|invalid type|expected value|EOF while|HTTP \d{3}|127\.0\.0\.1/, `${what}: words of machines`);
    if (sentence) {
        assert.match(shown, sentence, what);
    }
    return shown;
}

describe('the page of a backup account while Comet', () => {
    for (const [what, fault] of Object.entries(FAULTS)) {
        test(what, async (t) => {
            t.after(() => remote.recover());
            const { page, customer } = await order('cometbackup', CLIENT);
            const first = text((await customer.get(page)).text);
            for (const endpoint of [undefined, 'get-user-profile-and-hash', 'get-jobs-for-custom-search', 'branding/available-platforms', 'meta/version']) {
                await remote.fault({ ...fault, times: 0, match: endpoint === undefined ? {} : { endpoint } });
                age();
                await assertSays(await customer.get(page), `${endpoint ?? 'everything'} ${what}, with what was kept`);
                forgetThatItWasDown();
                forgetPages();
                await assertSays(await customer.get(page), `${endpoint ?? 'everything'} ${what}, nothing kept`, endpoint === undefined && what !== 'is slow' ? MISSING : undefined);
                forgetThatItWasDown();
                await remote.recover();
            }
            age();
            const last = text((await customer.get(page)).text);
            assert.equal(last.length > first.length / 2, true, 'and is whole again afterwards');
        });
    }

    test('refuses connections', async () => {
        const { page, customer } = await order('cometbackup', CLIENT);
        await customer.get(page);
        await remote.shutDoor();
        try {
            age();
            await assertSays(await customer.get(page), 'down, with what was kept', /cannot be reached|could not be reached|not available|last known|at the moment|just now/i);
            forgetPages();
            await assertSays(await customer.get(page), 'down, nothing kept', MISSING);
        } finally {
            await remote.recover();
            forgetThatItWasDown();
        }
    });
});

describe('the page of a license while Jetpack', () => {
    for (const [what, fault] of Object.entries(FAULTS)) {
        test(what, async () => {
            const { page, customer, token } = await order('jetpack', CLIENT);
            await remote.fault({ ...fault, times: 0 });
            try {
                await assertSays(await customer.get(page), what);
                await assertSays(await customer.post(page, { modop: 'custom', a: 'AttachToMySite', token }), `${what}, and he attaches it`);
            } finally {
                await remote.recover();
                forgetThatItWasDown();
            }
        });
    }
});
