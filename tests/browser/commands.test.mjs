// Every button of both modules: those of staff on the page of a service, and the customer's own.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visitor } from './lib/browser.mjs';
import { order } from './lib/shop.mjs';
import { clients, loginAs, sql, whmcs } from './lib/workbench.mjs';

/** Those that end something come last. */
const LAST = ['suspend', 'unsuspend', 'terminate', 'create'];
const CLIENT = clients()[0];

/** Addresses of all services and product addons of both modules that the workbench begins with, as staff see them. */
const SERVICE_PAGES = servicePages();

function servicePages() {
    const services = sql(`SELECT h.userid, h.id FROM tblhosting h JOIN tblproducts p ON p.id = h.packageid
        WHERE p.servertype IN ('cometbackup', 'jetpack') ORDER BY h.id`).map(([user, id]) => `/admin/clientsservices.php?userid=${user}&id=${id}`);
    const addons = sql(`SELECT h.userid, h.id, a.id FROM tblhostingaddons a JOIN tblhosting h ON h.id = a.hostingid JOIN tbladdons d ON d.id = a.addonid
        WHERE d.module IN ('cometbackup', 'jetpack') ORDER BY a.id`).map(([user, id, addon]) => `/admin/clientsservices.php?userid=${user}&id=${id}&aid=${addon}`);
    return [...services, ...addons];
}

/** What the buttons of the module are called, and how they are found. */
async function buttons(page) {
    return page.locator('button[form=commands]').evaluateAll((all) => all.map((one) => ({
        label: one.innerText, command: one.value, selector: one.getAttribute('formaction') === null
            ? `button[form=commands][value="${one.value}"]` : `button[formaction="${one.getAttribute('formaction')}"]`,
    })));
}

/** Without faults of the module, and with one plain sentence about what became of it. */
async function assertSaid(page, what) {
    assert.deepEqual(await page.locator('.workbench-faults').allInnerTexts(), [], what);
    const said = await page.locator('main .alert').allInnerTexts();
    assert.ok(said.length > 0, `${what} says what became of it`);
    for (const sentence of said) {
        assert.doesNotMatch(sentence, /<\w|Exception|panicked|Against WHMCS/, what);
    }
    return said.join(' ');
}

async function press(page, path, { selector, label, command }) {
    await page.goto(whmcs.page(path));
    const button = page.locator(selector);
    if (await button.count() === 0) {
        return `${label || command}: not there any more`;
    }
    await button.first().click();
    return `${label || command}: ${await assertSaid(page, `${path}: ${label || command}`)}`;
}

describe('staff press', () => {
    for (const module of ['cometbackup', 'jetpack']) {
        test(`every button of a new ${module} service, through its whole life`, async (t) => {
            const { id } = await order(module, CLIENT);
            const path = `/admin/clientsservices.php?userid=${CLIENT}&id=${id}`;
            const { page, complaints } = await visitor(t);
            await loginAs(page, 'staff-1');
            await page.goto(whmcs.page(path));
            const all = await buttons(page);
            assert.ok(all.length > 7, 'WHMCS’s own commands and the module’s');
            const said = [];
            for (const one of all.filter(({ command }) => !LAST.includes(command))) {
                said.push(await press(page, path, one));
            }
            for (const command of LAST) {
                const answer = await press(page, path, { selector: `button[form=commands][value="${command}"]`, command });
                assert.match(answer, /Success/, answer);
            }
            t.diagnostic(said.join('\n'));
            assert.deepEqual(complaints, []);
        });
    }

    test('every button of the modules on every page of a service', async (t) => {
        const { page, complaints } = await visitor(t);
        await loginAs(page, 'staff-1');
        for (const path of SERVICE_PAGES) {
            await page.goto(whmcs.page(path));
            for (const one of (await buttons(page)).filter(({ command }) => command === 'custom')) {
                await t.test(`${path}: ${one.label}`, () => press(page, path, one));
            }
        }
        assert.deepEqual(complaints, []);
    });

    test('Save Changes on every page of a service', async (t) => {
        const { page, complaints } = await visitor(t);
        await loginAs(page, 'staff-1');
        for (const path of SERVICE_PAGES) {
            await page.goto(whmcs.page(path));
            await page.getByRole('button', { name: 'Save Changes' }).click();
            assert.match(await assertSaid(page, path), /Changes Saved/);
        }
        assert.deepEqual(complaints, []);
    });
});

describe('a customer presses', () => {
    for (const module of ['cometbackup', 'jetpack']) {
        test(`every button on the page of a ${module} service`, async (t) => {
            const service = await order(module, CLIENT);
            const { page, complaints } = await visitor(t);
            await loginAs(page, `client-${CLIENT}`);
            await page.goto(whmcs.page(service.page));
            const forms = await page.locator('main form').count();
            for (let number = 0; number < forms; number++) {
                await page.goto(whmcs.page(service.page));
                const form = page.locator('main form').nth(number);
                if (await form.locator('input[type=password]').count() > 0) {
                    for (const field of await form.locator('input[type=password]').all()) {
                        await field.fill('Another-Horse-2');
                    }
                }
                await page.locator('main details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
                await form.locator('button, input[type=submit]').first().click();
                await assertSaid(page, `${service.page}: form ${number}`);
            }
            assert.deepEqual(complaints, []);
        });
    }
});
