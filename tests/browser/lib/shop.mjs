// An order without a browser, for tests that need a service of their own.

import { somebody } from './http.mjs';
import { productPage, sql } from './workbench.mjs';

let ordered = 0;

/** A service of this client that is paid and active, whose page was never opened; the client, and his token of WHMCS. */
export async function order(module, client) {
    // Of Jetpack one whose customers may attach their license themselves.
    const [[product]] = sql(`SELECT id FROM tblproducts WHERE hidden = 0 AND retired = 0 AND servertype = '${module}'
        ORDER BY configoption5 = 'connect' DESC, id LIMIT 1`);
    const customer = await somebody(`client-${client}`);
    const form = `/cart.php?a=add&pid=${product}`;
    const { text } = await customer.get(form);
    const fields = { token: await customer.token(form), domain: 'shop.example' };
    for (const [tag] of text.matchAll(/<input [^>]*>/g)) {
        const name = /name="([^"]+)"/.exec(tag)?.[1] ?? '';
        const label = /aria-label="([^"]+)"/.exec(tag)?.[1] ?? '';
        if (name.startsWith('customfield')) {
            fields[name] = /pass/i.test(label) ? 'Correct-Horse-1' : /user/i.test(label) ? `ordered${Date.now()}n${ordered++}` : 'shop.example';
        } else if (name.startsWith('configoption')) {
            fields[name] = /value="([^"]*)"/.exec(tag)?.[1] ?? '';
        }
    }
    await customer.post(form, fields);
    const { text: placed } = await customer.post('/cart.php?a=checkout', { token: fields.token, payment: 'now' });
    const id = Number(/productdetails&amp;id=(\d+)"[^>]*>To your service/.exec(placed)?.[1]);
    const [[state] = []] = sql(`SELECT domainstatus FROM tblhosting WHERE id = ${id || 0}`);
    if (state !== 'Active') {
        throw new Error(`The order of ${module} is ${state ?? 'refused'}: ${placed.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ').slice(-1000)}`);
    }
    return { id, client, customer, token: fields.token, page: productPage({ id }) };
}
