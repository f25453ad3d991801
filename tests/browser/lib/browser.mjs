// Debian's chromium without a screen: one for all tests of a run, and for each test visitors who know nothing of each other.

import { after } from 'node:test';
import { start } from './chromium.mjs';

const SECONDS = 20;

let running;

/** The browser of this run. */
export async function browser() {
    running ??= start();
    return running;
}

after(async () => {
    if (running) {
        await (await running).close();
    }
});

/**
 * A visitor with cookies of his own, who leaves when the test ends. `complaints` is what his browser has complained about in all his
 * pages: errors and warnings of the console, exceptions, requests that failed.
 */
export async function visitor(test, { width = 1440, height = 900, ...options } = {}) {
    const context = await (await browser()).newContext({
        viewport: { width, height }, isMobile: width < 600, reducedMotion: 'reduce', ...options,
    });
    context.setDefaultTimeout(SECONDS * 1000);
    const complaints = [];
    context.on('page', (page) => listen(page, complaints));
    test.after(() => context.close());

    return { context, complaints, page: await context.newPage() };
}

function listen(page, complaints) {
    const add = (what) => complaints.push(`${new URL(page.url()).pathname}: ${what}`);
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) {
            add(message.text());
        }
    });
    page.on('pageerror', (error) => add(`exception: ${error.message}`));
    page.on('response', (response) => {
        if (response.status() >= 400) {
            add(`${response.status()} of ${response.request().method()} ${response.url()}`);
        }
    });
    page.on('requestfailed', (request) => {
        // A download takes the place of a page that stays; a page that is left ends what it was loading.
        const why = request.failure()?.errorText ?? '';
        if (why !== 'net::ERR_ABORTED') {
            add(`${why}: ${request.url()}`);
        }
    });
}
