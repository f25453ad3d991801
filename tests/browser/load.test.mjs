// Many visitors at once while the Comet Server goes away and comes back: no page fails, and no worker is held for long.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as passed } from 'node:timers/promises';
import { promisify } from 'node:util';
import { somebody } from './lib/http.mjs';
import { MARIADB, age, cometServices, jetpackServices, productPage, remote, whmcs } from './lib/workbench.mjs';

const VISITORS = 50;
/** Seconds that a worker may be held: the page's limit for what it asks, and the page itself with all others beside it. */
const LONGEST_HOLD = 10;
/** Comet in each phase, which lasts so many seconds. A server that hangs takes the connection and says nothing. */
const PHASES = [
    ['there', 6, () => remote.recover()],
    ['hangs', 12, () => remote.fault({ fault: 'hang', ms: 60_000, times: 0 })],
    ['down', 8, async () => { await remote.recover(); await remote.shutDoor(); }],
    ['back', 12, () => remote.recover()],
];

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const shown = (milliseconds) => `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;

/** As the pool has written them down: milliseconds of each request in its worker. */
function holds() {
    return readFileSync(`${whmcs.folder}/workers.log`, 'utf8').split('\n').filter((line) => line !== '').map((line) => Number(line.split(' ')[0]));
}

/** The pool, as soon as no worker does anything; as it is after ten seconds otherwise. */
async function poolAtRest() {
    for (let tries = 0; ; tries++) {
        const pool = await (await fetch(whmcs.page('/fpm-status?json'), { headers: { Connection: 'close' } })).json();
        if (pool['active processes'] === 0 || tries === 100) {
            return pool;
        }
        await passed(100);
    }
}

/** Makes what pages keep too old, again and again, so that every page has to ask. */
async function keepAgeing(until) {
    while (!until.over) {
        await promisify(execFile)('mariadb', [...MARIADB, 'UPDATE mod_cometbackup_pages SET read_at = read_at - INTERVAL 2 MINUTE']);
        await passed(500);
    }
}

/** Opens one page after the other until it is told to stop. */
async function visit(service, until, seen) {
    const customer = await somebody(`client-${service.client}`);
    const paths = ['/clientarea.php', '/clientarea.php?action=services', productPage(service)];
    for (let number = 0; !until.over; number++) {
        const path = paths[number % paths.length];
        const phase = until.phase;
        const answer = await customer.get(path);
        seen.push({ phase, path, answer });
    }
}

describe('the client area under load', () => {
    test(`serves ${VISITORS} visitors while Comet goes away and comes back`, async () => {
        const services = [...cometServices(), ...jetpackServices()];
        const before = holds().length;
        const until = { over: false, phase: '' };
        const seen = [];
        await Promise.all(cometServices().slice(0, 1).map(async (service) => (await somebody(`client-${service.client}`)).get(productPage(service))));
        const ageing = keepAgeing(until);
        const visitors = [];
        try {
            for (const [phase, seconds, begin] of PHASES) {
                until.phase = phase;
                await begin();
                if (visitors.length === 0) {
                    visitors.push(...Array.from({ length: VISITORS }, (_, number) => visit(services[number % services.length], until, seen)));
                }
                await Promise.race([passed(seconds * 1000), Promise.all(visitors)]);
            }
        } finally {
            until.over = true;
            await Promise.allSettled(visitors);
            await remote.recover();
        }
        await Promise.all([...visitors, ageing]);

        for (const [phase] of PHASES) {
            const times = seen.filter((one) => one.phase === phase).map(({ answer }) => answer.milliseconds);
            console.log(`Comet ${phase}: ${times.length} pages, median ${shown(median(times))}, longest ${shown(Math.max(...times))}`);
        }
        const longest = Math.max(...holds().slice(before));
        const { 'active processes': active, 'total processes': workers, 'listen queue': queue } = await poolAtRest();
        console.log(`${workers} workers; longest hold ${shown(longest)}; at the end ${active} active, ${queue} waiting`);

        const failed = seen.filter(({ answer }) => answer.status !== 200 || answer.faults !== 0);
        assert.deepEqual(failed.slice(0, 3).map(({ phase, path, answer }) => [phase, path, answer.status, answer.text.slice(0, 400)]), []);
        assert.ok(longest < LONGEST_HOLD * 1000, `a worker was held for ${shown(longest)}`);
        assert.equal(active, 0);
        assert.equal(queue, 0);
    });

    test('says how long a customer waits for the page of his backup account', async () => {
        const [service] = cometServices();
        const customer = await somebody(`client-${service.client}`);
        const path = productPage(service);
        const firstBytes = async (prepare) => {
            const times = [];
            for (let number = 0; number < 15; number++) {
                await prepare();
                const answer = await customer.get(path);
                assert.equal(answer.status, 200);
                times.push(answer.firstByte);
            }
            return median(times);
        };
        try {
            await customer.get(path);
            // As from a host to a server 50 ms away.
            await remote.latency({ connection_ms: 50, request_ms: 50 });
            const kept = await firstBytes(() => {});
            const asked = await firstBytes(age);
            await remote.shutDoor();
            const down = await firstBytes(age);
            console.log(`First byte of the page: kept ${shown(kept)}, one round trip of 50 ms ${shown(asked)}, server down ${shown(down)}`);
            assert.ok(kept < asked);
        } finally {
            await remote.recover();
        }
    });
});
