// Requests that no page of WHMCS sends: refused plainly, logged once at most, nothing changed.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { somebody } from './lib/http.mjs';
import { order } from './lib/shop.mjs';
import { activity, clients, everything, forgetPages, quick, sql, whmcs } from './lib/workbench.mjs';

const [CLIENT, OTHER] = clients();
const FUNCTIONS = { cometbackup: 'RemoveOldDevice', jetpack: 'AttachToMySite' };
const REFUSED = /was not sent from the page|There is no such|not yours|cannot be found|Invalid Token|may not|contact us/i;

/** Nothing is changed by it, the page has no fault, and the log has one line about it at most. */
async function assertRefused(what, send, { sentence } = {}) {
    const before = await everything();
    const lines = activity().length;
    const answer = await send();
    assert.ok(answer.status < 500, `${what}: status ${answer.status}`);
    assert.equal(answer.faults, 0, what);
    assert.equal(await everything(), before, `${what}: nothing has changed`);
    const logged = activity(lines);
    assert.ok(logged.length <= 1, `${what}: logged once: ${logged.join(' | ')}`);
    const shown = answer.text.replace(/<style[\s\S]*?<\/style>/g, '').replace(/<[^>]+>/g, ' ');
    if (sentence) {
        assert.match(shown, sentence, what);
    }
    return answer;
}

describe('a forged request of a customer', () => {
    for (const [module, name] of Object.entries(FUNCTIONS).slice(0, quick ? 1 : 2)) {
        test(`to ${module}: without a token, with another one, by GET`, async () => {
            const { customer, page, token } = await order(module, CLIENT);
            await customer.get(page);
            const fields = { modop: 'custom', a: name, comet_device: 'device' };
            await assertRefused('without a token', () => customer.post(page, fields), { sentence: REFUSED });
            await assertRefused('with a token of somebody else', () => customer.post(page, { ...fields, token: '0'.repeat(40) }), { sentence: REFUSED });
            await assertRefused('by GET', () => customer.get(`${page}&${new URLSearchParams(fields)}`), { sentence: REFUSED });
            await assertRefused('by GET with the token', () => customer.get(`${page}&${new URLSearchParams({ ...fields, token })}`), { sentence: REFUSED });
        });
    }

    test('for a function that is for staff', { skip: quick }, async () => {
        for (const [module, names] of Object.entries({ cometbackup: ['Forget', 'CheckAccount', 'TransferAccount'], jetpack: ['Forget', 'IssueAgain', 'Adopt'] })) {
            const { customer, page, token } = await order(module, CLIENT);
            for (const name of names) {
                await assertRefused(`${module}_${name}`, () => customer.post(page, { modop: 'custom', a: name, token }));
            }
        }
    });

    test('for the service of another client', { skip: quick }, async () => {
        for (const module of Object.keys(FUNCTIONS)) {
            const theirs = await order(module, OTHER);
            const mine = await order(module, CLIENT);
            const { token } = mine;
            const answer = await assertRefused('the page', () => mine.customer.get(theirs.page));
            assert.ok(!answer.text.includes('provisioning-page'), 'nothing of it is shown');
            await assertRefused('a function', () => mine.customer.post(theirs.page, { modop: 'custom', a: FUNCTIONS[module], token }));
            await assertRefused('a sign-on', () => mine.customer.get(`${theirs.page}&dosinglesignon=1`));
            await assertRefused('a new password', () => mine.customer.post(theirs.page, { modulechangepassword: 1, newpw: 'Horse-1234', confirmpw: 'Horse-1234', token }));
        }
    });

    test('for the product addon of another client, which WHMCS lets through', { skip: quick }, async () => {
        const addons = sql(`SELECT a.id, h.userid FROM tblhostingaddons a JOIN tblhosting h ON h.id = a.hostingid JOIN tbladdons d ON d.id = a.addonid
            WHERE d.module IN ('cometbackup', 'jetpack')`);
        assert.ok(addons.length > 0, 'there are product addons');
        for (const [addon, owner] of addons) {
            const stranger = clients().find((client) => client !== Number(owner));
            const { customer, page, token } = await order('jetpack', stranger);
            const theirs = `${page}&addonId=${addon}`;
            const { text } = await assertRefused(`the page of addon ${addon}`, () => customer.get(theirs));
            const keys = sql(`SELECT license_key FROM jetpack_product_licenses WHERE addon_id = ${addon}`).flat();
            const accounts = sql(`SELECT username FROM mod_cometbackup_accounts WHERE addon_id = ${addon}`).flat();
            for (const secret of [...keys, ...accounts]) {
                assert.ok(!text.includes(secret), `${secret} is not shown`);
            }
            await assertRefused('a function of it', () => customer.post(theirs, { modop: 'custom', a: 'AttachToMySite', token }));
            await assertRefused('another function of it', () => customer.post(theirs, { modop: 'custom', a: 'RemoveOldDevice', token }));
            await assertRefused('a sign-on to it', () => customer.get(`${theirs}&dosinglesignon=1`));
            await assertRefused('its password', () => customer.post(theirs, { modulechangepassword: 1, newpw: 'Horse-1234', confirmpw: 'Horse-1234', token }));
            await assertRefused('a download of it', () => customer.get(`${theirs}&type=downloadResponseLinux`));
        }
    });

    test('with ids and fields that are no such thing', { skip: quick }, async () => {
        const { customer, page, token, id } = await order('cometbackup', CLIENT);
        const function_ = { modop: 'custom', a: 'RemoveOldDevice', token };
        for (const device of ['', "' OR 1=1 -- ", '../../x', 'x'.repeat(5000), '\u0000', '<script>alert(1)</script>']) {
            const { text } = await assertRefused(`the device ${device.slice(0, 30)}`, () => customer.post(page, { ...function_, comet_device: device }));
            assert.ok(!text.includes('<script>alert(1)'), 'nothing of it comes back');
        }
        await assertRefused('a list in place of a device', () => customer.post(page, { ...function_, 'comet_device[]': 'x' }));
        for (const path of [`&id=${id}x`, '&id[]=1', '&id=-1', '&id=0', '&id=1e9', "&id=1'", '&addonId=abc', '&addonId[]=1', '&addonId=-1']) {
            await assertRefused(path, () => customer.get(path.startsWith('&id') ? `/clientarea.php?action=productdetails${path}` : page + path));
        }
        for (const type of ['nothing', '../../etc/passwd', 'download[]', 'x'.repeat(3000)]) {
            await assertRefused(`the download ${type.slice(0, 20)}`, () => customer.get(`${page}&type=${encodeURIComponent(type)}`));
        }
        await assertRefused('a list in place of a download', () => customer.get(`${page}&type[]=x`));
    });

    test('with a host name that is not ours', { skip: quick }, async () => {
        for (const module of Object.keys(FUNCTIONS)) {
            const { customer, page } = await order(module, CLIENT);
            const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' };
            await customer.get(page);
            forgetPages();
            const { text } = await customer.get(page, headers);
            assert.ok(!text.replaceAll(/<nav[\s\S]*?<\/nav>/g, '').includes('evil.example'), 'no link leads there');
            const { headers: { location = '' } } = await customer.get(`${page}&dosinglesignon=1`, headers);
            assert.ok(!location.includes('evil.example'), 'no sign-on goes there');
        }
        const { text, headers } = await (await somebody('nobody')).get('/modules/servers/cometbackup/sso.php?ticket=x', { Host: 'evil.example' });
        assert.ok(!text.includes('evil.example') && headers.location === undefined);
    });

    test('for a sign-on: a ticket of somebody else, an old one, none', { skip: quick }, async () => {
        const { customer, page } = await order('cometbackup', CLIENT);
        const { headers: { location } } = await customer.get(`${page}&dosinglesignon=1`);
        const stranger = await somebody(`client-${OTHER}`);
        const sso = '/modules/servers/cometbackup/sso.php';
        for (const [who, address] of [[stranger, location], [await somebody('nobody'), location], [customer, sso], [customer, `${sso}?ticket[]=x`],
            [customer, `${sso}?ticket=${'0'.repeat(64)}`]]) {
            const answer = await who.get(address);
            assert.equal(answer.status, 403);
            assert.ok(!answer.text.includes('sessionkey'));
        }
        assert.match(new URL(location, whmcs.address).search, /ticket=/);
    });

    test('by somebody who is not logged in', { skip: quick }, async () => {
        const { page } = await order('cometbackup', CLIENT);
        const nobody = await somebody('nobody');
        for (const path of [page, `${page}&dosinglesignon=1`, `${page}&type=downloadResponseLinux`, '/admin/index.php', '/admin/addonmodules.php?module=whmcs_provisioning',
            '/index.php?m=whmcs_provisioning', '/index.php?m=jetpack', '/index.php?m=cometbackup']) {
            const answer = await assertRefused(path, () => nobody.get(path));
            assert.ok(answer.headers.location !== undefined || answer.status !== 200 || !/provisioning-page/.test(answer.text), path);
        }
    });
});
