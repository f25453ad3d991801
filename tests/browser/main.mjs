// Runs tests against one workbench and in one browser: node main.mjs quick, all, or names of test files without their ends.
// `quick` is a part of the tests that takes less than a minute; it is in `make test`.

const QUICK = ['sign-on', 'order', 'forged'];
const ALL = [...QUICK, 'commands'];

const asked = process.argv.slice(2);
process.env.QUICK = asked[0] === 'quick' ? '1' : '';
const names = { quick: QUICK, all: ALL }[asked[0] ?? 'all'] ?? asked;
for (const name of names) {
    await import(`./${name}.test.mjs`);
}
