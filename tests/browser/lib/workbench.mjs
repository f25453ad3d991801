// The workbench that the tests drive: one for a run, with nobody else in it.

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const LIBRARY = process.env.LIBRARY ?? join(ROOT, 'target/debug/libwhmcs_provisioning.so');
const WORKERS = process.env.WORKERS ?? '4';

// One that runs already, by what `tests/bin/workbench --json` has printed; or one of this run.
let stopIt = () => {};
const card = process.env.WORKBENCH ? JSON.parse(process.env.WORKBENCH) : await start();
const sandbox = JSON.parse(readFileSync(join(dirname(card.folder), 'sandbox.json'), 'utf8'));

/** WHMCS. */
export const whmcs = {
    address: card.address,
    origin: new URL(card.address).origin,
    folder: card.folder,
    theme: card.theme,
    page: (path) => new URL(path, card.address).href,
};

/** How its database is asked. */
export const MARIADB = ['--no-defaults', `--socket=${join(dirname(card.folder), 'mysql.sock')}`, '-uroot', '-N', '-B', 'whmcs', '-e'];

/** The database of WHMCS. Returns the rows, each as a list of texts. */
export function sql(statement) {
    const said = execFileSync('mariadb', [...MARIADB, statement], { encoding: 'utf8' });
    return said.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}

/** The sandbox's own side: tests/sandbox/control.rs. */
async function control(method, path, body, address = card.control) {
    const answer = await fetch(address + path, {
        method, body: body === undefined ? undefined : JSON.stringify(body), headers: { 'Content-Type': 'application/json', Connection: 'close' },
    });
    const read = await answer.json();
    if (read.error) {
        throw new Error(`${method} ${path}: ${read.error}`);
    }
    return read;
}

/** Jetpack and Comet together: what breaks them, and what they hold. */
export const remote = {
    /** The next requests end like this; see tests/sandbox/faults.rs. */
    fault: (...faults) => control('POST', '/_control/faults', faults),
    /** Whoever comes is refused the connection. */
    shutDoor: () => control('POST', '/_control/door', { open: false }),
    async recover() {
        await control('POST', '/_control/door', { open: true });
        await control('DELETE', '/_control/faults');
        await control('POST', '/_control/latency', {});
    },
    latency: (of) => control('POST', '/_control/latency', of),
    contents: () => control('GET', '/_control/contents'),
};

export const comet = {
    origin: new URL(sandbox.http).origin,
    async sessions() {
        const { sessions } = await control('GET', '/_control/comet/state');
        return Object.entries(sessions).map(([key, session]) => ({ key, ...session }));
    },
    /** A device, another admin, or Comet itself changes a profile. */
    change: (name, profile) => control('POST', '/_control/comet/accounts', { Username: name, merge: profile }),
    state: () => control('GET', '/_control/comet/state'),
    /** On whichever of the two servers it is. */
    async account(name) {
        const states = [card.control, card.second_control].map((address) => control('GET', '/_control/comet/state', undefined, address));
        return (await Promise.all(states)).map(({ accounts }) => accounts[name]).find((one) => one !== undefined);
    },
};

export const jetpack = {
    state: () => control('GET', '/_control/state'),
};

/** Ends the one of this run. */
export const stop = () => stopIt();

/** The part of the tests that is in `make test`. */
export const quick = process.env.QUICK === '1';

const ofModule = (module) => () => sql(`SELECT h.id, h.userid FROM tblhosting h JOIN tblproducts p ON p.id = h.packageid
    WHERE p.servertype = '${module}' AND h.domainstatus = 'Active' ORDER BY h.id`).map(([id, client]) => ({ id: Number(id), client: Number(client) }));

/** Active services: `id` and the id of the `client`. */
export const cometServices = ofModule('cometbackup');
export const jetpackServices = ofModule('jetpack');

/** Ids of clients who have bought something. */
export const clients = () => sql('SELECT DISTINCT userid FROM tblhosting ORDER BY userid').map(([id]) => Number(id));

export const productPage = ({ id }) => `/clientarea.php?action=productdetails&id=${id}`;

/** Logs the visitor of this page in, or out: client-10, staff-1, nobody. */
export async function loginAs(page, as) {
    await page.context().request.post(whmcs.page('/login.php'), { form: { as, goto: '/' }, maxRedirects: 0 });
}

/** What the pages keep of Comet is too old from now on. */
export const age = () => keptPages('UPDATE mod_cometbackup_pages SET read_at = read_at - INTERVAL 2 MINUTE');

/** Nothing is kept of any page. */
export const forgetPages = () => keptPages('DELETE FROM mod_cometbackup_pages');

/** The first page that is kept makes the table. */
function keptPages(statement) {
    if (sql("SHOW TABLES LIKE 'mod_cometbackup_pages'").length > 0) {
        sql(statement);
    }
}

/**
 * What may not change by a request that is refused: all tables but logs and what pages keep, and what Jetpack and Comet hold. Two of
 * these texts are the same when nothing has changed.
 */
export async function everything() {
    const kept = ['tblactivitylog', 'tblmodulelog', 'mod_cometbackup_pages', 'mod_cometbackup_servers', 'mod_cometbackup_signon'];
    const tables = sql('SHOW TABLES').flat().filter((table) => !kept.includes(table));
    const sums = sql(`CHECKSUM TABLE ${tables.map((table) => `\`${table}\``).join(', ')}`);
    return JSON.stringify([sums, await remote.contents()]);
}

/** The Activity Log's lines after the first ones, which are so many. */
export const activity = (after = 0) => sql(`SELECT description FROM tblactivitylog ORDER BY id LIMIT ${after}, 1000`).flat();

/** With its servers, and with one setting of a host that makes the tests quicker: what hangs is given up after three seconds. */
async function start() {
    const began = Date.now();
    const workbench = spawn(join(ROOT, 'tests/bin/workbench'), [
        '--json', '--while-stdin', '--workers', WORKERS, '--ini', 'whmcs_provisioning.request_timeout=3', LIBRARY,
    ], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise((done) => workbench.once('exit', done));
    stopIt = async () => {
        workbench.stdin.end();
        await ended;
    };
    const said = new Promise((found) => createInterface({ input: workbench.stdout }).once('line', found));
    const line = await Promise.race([said, ended]);
    if (typeof line !== 'string') {
        throw new Error(`The workbench has ended with ${line}.`);
    }
    const read = JSON.parse(line);
    console.log(`The workbench is at ${read.address}, started in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return read;
}
