// The pages of the workbench, found by their links.

import { whmcs } from './workbench.mjs';

/** Links that do something, send a file, or are the workbench's own switches. */
const NOT_A_PAGE = ['modop', 'dosinglesignon', 'type', 'look', 'dark', 'language', 'token', 'export', 'goto', 'singlesignon'];
/** How many addresses of one kind are looked at, which differ in nothing but their numbers. */
const OF_EACH_KIND = 4;

/** Every page that somebody (lib/http.mjs) comes to from here, at addresses that begin so. */
export async function pages(somebody, first, within) {
    const found = new Map();
    const waiting = [first];
    const kinds = new Map();
    while (waiting.length > 0) {
        const path = waiting.shift();
        const kind = path.replace(/\d+/g, 'N');
        const seen = kinds.get(kind) ?? 0;
        if (found.has(path) || (seen >= OF_EACH_KIND && !/productdetails|clientsservices/.test(path))) {
            continue;
        }
        kinds.set(kind, seen + 1);
        const answer = await somebody.get(path);
        found.set(path, answer);
        if (answer.headers.location !== undefined) {
            found.delete(path);
        }
        waiting.push(...links(answer, path).filter((link) => within.test(link)));
    }
    return [...found.keys()];
}

function links({ text, headers }, path) {
    const hrefs = [...text.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)].map(([, href]) => href.replaceAll('&amp;', '&').replaceAll('&#039;', "'"));
    return [...hrefs, headers.location ?? '#']
        .filter((href) => !/^(#|mailto:|javascript:)/.test(href))
        .map((href) => new URL(href, new URL(path, whmcs.address)))
        .filter((url) => url.origin === whmcs.origin && !NOT_A_PAGE.some((name) => url.searchParams.has(name)))
        .map((url) => url.pathname + url.search);
}
