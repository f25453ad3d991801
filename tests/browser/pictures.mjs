// Takes the pictures in docs/images of pages that the workbench serves: all, or those that are named.

import { start } from './lib/chromium.mjs';
import { take } from './lib/picture.mjs';
import { loginAs, sql, stop, whmcs } from './lib/workbench.mjs';

const [[service]] = sql(`SELECT CONCAT('userid=', h.userid, '&id=', h.id) FROM tblhosting h JOIN tblproducts p ON p.id = h.packageid
    WHERE p.servertype = 'cometbackup' AND h.domainstatus = 'Active' ORDER BY h.id LIMIT 1`);
const ADDON = '/admin/addonmodules.php?module=whmcs_provisioning';

/** Name, who looks, address, most of its height. Pages of the workbench itself have its bar, the others are as a host's. */
const PICTURES = [
    ['workbench', 'nobody', '/', 900],
    ['workbench-service', 'staff-1', `/admin/clientsservices.php?${service}`, 1100],
    ['workbench-faults', 'staff-1', '/workbench/faults.php', 900],
    ['addon-overview', 'staff-1', ADDON, 1300],
    ['addon-decisions', 'staff-1', `${ADDON}&page=decisions`, 1300],
    ['addon-jetpack', 'staff-1', `${ADDON}&page=jetpack`, 1300],
    ['addon-comet', 'staff-1', `${ADDON}&page=comet`, 1300],
    ['addon-validate', 'staff-1', `${ADDON}&page=validate`, 1300],
    ['dashboard-widget', 'staff-1', '/admin/index.php', 800],
];

const named = process.argv.slice(2);
const wanted = PICTURES.filter(([name]) => named.length === 0 || named.includes(name));
if (wanted.length > 0) {
    const browser = await start();
    const page = await (await browser.newContext()).newPage();
    await loginAs(page, 'staff-1');
    // What is found is shown after the daily run.
    await page.goto(whmcs.page('/admin/automation.php'));
    await page.getByRole('button', { name: /daily cron/i }).click();
    for (const [name, who, address, height] of wanted) {
        await loginAs(page, who);
        await page.goto(whmcs.page(address));
        if (!name.startsWith('workbench')) {
            await page.addStyleTag({ content: '.workbench-bar, .workbench-menu { display: none !important; }' });
        }
        await take(page, name, 1100, height);
    }
    await browser.close();
}
await stop();
