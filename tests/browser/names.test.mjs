// Names that strangers have chosen, in every field that Comet and Jetpack send: nothing runs, and nothing leaves its box.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visitor } from './lib/browser.mjs';
import { assertFits, assertUsable } from './lib/look.mjs';
import { order } from './lib/shop.mjs';
import { clients, comet, loginAs, remote, sql, whmcs } from './lib/workbench.mjs';

const NAMES = {
    HTML: '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script></td></table></style>"\'&{$smarty.version}{/literal}`',
    'right to left': '\u202Eمرحبا بالعالم שלום\u2067عالم',
    'very long': 'Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikationsbetriebsrechner'.repeat(4),
    emoji: '👩‍👩‍👧‍👦🔥'.repeat(20),
};
/** What is not a name: other values would make the answer one that is no account's. */
const NO_NAME = /GUID|ID$|Hash|TimeZone|Language|Engine|OwnerDevice|Username|Version|Date|Key$|Type$|Status|Classification|^Password/;
const [CLIENT] = clients();

/** The same value, with this name in place of every text that is one. */
function renamed(value, name) {
    if (Array.isArray(value)) {
        return value.map((one) => renamed(one, name));
    }
    return Object.fromEntries(Object.entries(value ?? {}).map(([key, one]) => [key,
        typeof one === 'string' ? (NO_NAME.test(key) ? one : name) : typeof one === 'object' && one !== null ? renamed(one, name) : one]));
}

const ago = (hours) => Math.floor(Date.now() / 1000) - hours * 3600;

/** Devices, items and vaults of a busy account, all called so. */
function account(name) {
    const job = (hours, status) => ({ GUID: `j${hours}`, StartTime: ago(hours), EndTime: ago(hours) + 90, Status: status, TotalFiles: 12345678, TotalSize: 2 ** 52, UploadSize: 2 ** 50 });
    return {
        AccountName: name,
        Devices: {
            d1: { FriendlyName: name, RegistrationTime: ago(9000), PlatformVersion: { os: name, version: name, distribution: name, arch: name }, ClientVersion: name },
            d2: { FriendlyName: name, RegistrationTime: ago(9000) },
        },
        Sources: {
            s1: { Description: name, OwnerDevice: 'd1', Engine: 'engine1/file', Statistics: { LastBackupJob: job(3, 5000), LastSuccessfulBackupJob: job(3, 5000) } },
            s2: { Description: name, OwnerDevice: 'd2', Engine: name, Statistics: { LastBackupJob: job(1200, 7002) } },
        },
        Destinations: { v1: { Description: name, DestinationType: 1000, StorageLimitEnabled: true, StorageLimitBytes: 2 ** 40,
            Statistics: { ClientProvidedSize: { Size: 2 ** 41, MeasureCompleted: ago(2) } } } },
        MaximumDevices: 1,
    };
}

function jobs(name, user) {
    return [5000, 7000, 7001, 7002, 7003, 7004, 7005, 6001, 9999].map((Status, number) => ({
        GUID: `job${number}`, Username: user, Classification: number === 8 ? 4999 : 4001, Status, StartTime: ago(5 + 20 * number), EndTime: ago(4 + 20 * number),
        SourceGUID: number % 2 ? 's1' : name, DestinationGUID: 'v1', DeviceID: number % 2 ? 'd1' : name, TotalFiles: 2 ** 50, TotalSize: 2 ** 52,
        UploadSize: 2 ** 52, DownloadSize: 2 ** 52, ClientVersion: name, SnapshotID: name, CancellationID: name,
    }));
}

async function assertHarmless(page, selector, name, widths = [360, 1440]) {
    for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        await assertFits(page, selector, `${name} at ${width} px`);
    }
    assert.equal(await page.evaluate(() => window.hacked), undefined, 'nothing runs');
    assert.equal(await page.locator('main img[src=x], main script:not([src]):text("hacked")').count(), 0, 'no element was made of a name');
    // The forms of the admin area are WHMCS's.
    if (selector !== 'main') {
        await assertUsable(page, selector, name);
    }
}

describe('a hostile name', () => {
    for (const [kind, name] of Object.entries(NAMES)) {
        test(`(${kind}) in everything that Comet sends stays a name`, async (t) => {
            const service = await order('cometbackup', CLIENT);
            const [[user]] = sql(`SELECT username FROM mod_cometbackup_accounts WHERE service_id = ${service.id} AND addon_id = 0`);
            await comet.change(user, account(name));
            const { page, complaints } = await visitor(t);
            page.on('dialog', (dialog) => assert.fail(`a dialog: ${dialog.message()}`));
            try {
                await remote.fault({ fault: 'json', body: jobs(name, user), times: 0, match: { endpoint: 'get-jobs-for-custom-search' } });
                await loginAs(page, `client-${CLIENT}`);
                for (const look of ['bootstrap3', 'bootstrap4', 'bare']) {
                    await page.goto(whmcs.page(`${service.page}&look=${look}`));
                    await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
                    if (kind === 'HTML') {
                        await page.locator('.provisioning-page').getByText('<img src=x').first().waitFor();
                    }
                    await assertHarmless(page, '.provisioning-page', `${kind} in ${look}`, [320, 360, 390, 768, 1200, 1440]);
                }
                await loginAs(page, 'staff-1');
                const staff = `/admin/clientsservices.php?userid=${CLIENT}&id=${service.id}`;
                await page.goto(whmcs.page(staff));
                await page.locator('button[formaction$="ac=CheckAccount"]').click();
                await assertHarmless(page, 'main', `${kind}, staff`);
                for (const path of ['/admin/systemactivitylog.php', '/admin/addonmodules.php?module=whmcs_provisioning', '/admin/index.php']) {
                    await page.goto(whmcs.page(path));
                    await assertHarmless(page, 'main', `${kind}, ${path}`);
                }
                assert.deepEqual(complaints, []);
            } finally {
                await remote.recover();
            }
        });

        test(`(${kind}) in everything that Jetpack sends, and in what WHMCS holds, stays a name`, async (t) => {
            const service = await order('jetpack', CLIENT);
            const { page, complaints } = await visitor(t);
            page.on('dialog', (dialog) => assert.fail(`a dialog: ${dialog.message()}`));
            const quoted = name.replaceAll('\\', '\\\\').replaceAll("'", "''").slice(0, 200);
            if (kind !== 'emoji') {
                // The tables of WHMCS hold none.
                sql(`SET NAMES utf8mb4; UPDATE tblhosting SET domain = '${quoted}' WHERE id = ${service.id}`);
            }
            try {
                await loginAs(page, `client-${CLIENT}`);
                await page.goto(whmcs.page(service.page));
                await assertHarmless(page, '.provisioning-page', kind);
                const list = await (await fetch(`${comet.origin}/wpcom/v2/jetpack-licensing/product-families`, { headers: { Authorization: 'Bearer tok_test&=1' } })).json();
                await remote.fault({ fault: 'json', body: renamed(list, name), times: 0, match: { path: '/product-families' } });
                await loginAs(page, 'staff-1');
                const [[product]] = sql(`SELECT packageid FROM tblhosting WHERE id = ${service.id}`);
                for (const path of [`/admin/configproducts.php?action=edit&id=${product}`, `/admin/clientsservices.php?userid=${CLIENT}&id=${service.id}`]) {
                    await page.goto(whmcs.page(path));
                    assert.equal(await page.evaluate(() => window.hacked), undefined, 'nothing runs');
                    assert.equal(await page.locator('main img[src=x]').count(), 0);
                }
                assert.deepEqual(complaints, []);
            } finally {
                await remote.recover();
            }
        });
    }
});
