// Requests without a browser: a visitor with cookies, who can also do what no page of WHMCS lets him do.

import { request } from 'node:http';
import { whmcs } from './workbench.mjs';

/** Somebody who is logged in as `as` (login.php of the workbench): client-10, staff-1, nobody. */
export async function somebody(as) {
    const one = new Somebody();
    await one.become(as);
    return one;
}

class Somebody {
    #cookies = new Map();

    async become(as) {
        await this.post('/login.php', { as, goto: '/' });
    }

    get(path, headers = {}) {
        return this.#send('GET', path, undefined, headers);
    }

    post(path, fields, headers = {}) {
        const body = new URLSearchParams(fields).toString();
        return this.#send('POST', path, body, { 'Content-Type': 'application/x-www-form-urlencoded', ...headers });
    }

    /** Follows where the answer leads. */
    async follow(answer) {
        return answer.headers.location === undefined ? answer : this.get(new URL(answer.headers.location, whmcs.address));
    }

    /** WHMCS's token of this visitor, from the forms of a page. */
    async token(path) {
        const { text } = await this.get(path);
        const found = /name="token" value="([^"]+)"/.exec(text) ?? /[?&;]token=([0-9a-f]+)/.exec(text);
        if (found === null) {
            throw new Error(`There is no token on ${path}`);
        }
        return found[1];
    }

    #send(method, path, body, headers) {
        const url = new URL(path, whmcs.address);
        const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const began = performance.now();
        return new Promise((done, fail) => {
            const sent = request({
                host: url.hostname, port: url.port, method, path: url.pathname + url.search,
                headers: { ...(cookie === '' ? {} : { Cookie: cookie }), ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }), ...headers },
            }, (answer) => {
                const firstByte = performance.now() - began;
                for (const line of answer.headers['set-cookie'] ?? []) {
                    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
                    this.#cookies.set(name, value);
                }
                const parts = [];
                answer.on('data', (part) => parts.push(part));
                answer.on('error', fail);
                answer.on('end', () => done({
                    status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString(), firstByte,
                    faults: Number(answer.headers['x-workbench-faults'] ?? 0), milliseconds: performance.now() - began,
                }));
            });
            sent.on('error', fail);
            sent.end(body);
        });
    }
}
