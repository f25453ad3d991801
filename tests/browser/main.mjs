// Runs tests against one workbench and in one browser: node main.mjs quick, all, or names of test files without their ends.
// `quick` is a part of the tests that takes less than a minute; it is in `make test`.

import { after } from 'node:test';

const QUICK = ['sign-on', 'pages', 'order', 'forged'];
const ALL = [...QUICK, 'commands', 'keyboard', 'names', 'faults', 'load'];

const asked = process.argv.slice(2);
process.env.QUICK = asked[0] === 'quick' ? '1' : '';
const names = { quick: QUICK, all: ALL }[asked[0] ?? 'all'] ?? asked;
const { stop } = await import('./lib/workbench.mjs');
after(stop);
for (const name of names) {
    await import(`./${name}.test.mjs`);
}
