// What a page has to be on every screen: as wide as the screen, nothing cut off, nothing covered, usable by everybody (axe-core).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * The page does not scroll sideways, and in this part of it nothing sticks out, is cut off or covers anything. axe-core sees to it that
 * what scrolls has the focus.
 */
export async function assertFits(page, selector, name) {
    const wrong = await page.evaluate(faultsOfLayout, selector);
    assert.deepEqual(wrong, [], `${name}: the layout of ${selector}`);
}

/** Colors of the themes' own links, buttons and badges are not ours; everywhere else contrast counts. */
const OF_THE_THEME = ['a', '.btn', ...['.badge', '.label', '.alert', '.fieldlabel', '.fieldarea'].map((one) => `${one}:not([class*=provisioning])`)];

/** axe-core finds nothing serious in this part of the page. */
export async function assertUsable(page, selector, name) {
    await page.evaluate(AXE);
    const found = await page.evaluate(async ([selector, ofTheTheme]) => {
        const all = await window.axe.run(selector, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: false } } });
        const contrast = await window.axe.run({ include: [[selector]], exclude: ofTheTheme.map((one) => [one]) }, { runOnly: ['color-contrast'] });
        return [...all.violations, ...contrast.violations].filter(({ impact }) => ['serious', 'critical'].includes(impact))
            .flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) => `${id} (${help}): ${node.html.slice(0, 200)}: `
                + node.any.concat(node.all, node.none).map(({ message }) => message).join(' ').slice(0, 200)));
    }, [selector, OF_THE_THEME]);
    assert.deepEqual(found, [], `${name}: axe-core about ${selector}`);
}

/** Runs in the page. */
function faultsOfLayout(selector) {
    const wrong = [];
    const name = (one) => one.outerHTML.slice(0, 120);
    const screen = document.documentElement;
    if (screen.scrollWidth > screen.clientWidth) {
        wrong.push(`the page scrolls sideways: ${screen.scrollWidth} px on ${screen.clientWidth}`);
    }
    const root = document.querySelector(selector);
    if (!root) {
        return [...wrong, `there is no ${selector}`];
    }
    // What is for screen readers alone is clipped to a dot, with all it holds.
    const isClipped = (one) => {
        const style = getComputedStyle(one);
        return style.clipPath !== 'none' || style.clip !== 'auto' || (one !== root && isClipped(one.parentElement));
    };
    const seen = (one) => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && getComputedStyle(one).visibility !== 'hidden' && one.checkVisibility() && !isClipped(one);
    };
    const all = [...root.querySelectorAll('*')].filter((one) => !one.closest('style, script, template, svg *') && seen(one));
    const scrolls = (one) => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX);
    const scroller = (one) => {
        let above = one.parentElement;
        while (above && above !== root && !scrolls(above)) {
            above = above.parentElement;
        }
        return above && above !== root ? above : null;
    };
    const limits = root.getBoundingClientRect();
    for (const one of all) {
        const box = one.getBoundingClientRect();
        // Staff may scroll a wide table, if they can do so with the keyboard; a customer never has to.
        const may = location.pathname.startsWith('/admin/') || !one.closest('.provisioning-page');
        if (one.matches('td, th') && scroller(one) && !may) {
            const edge = scroller(one).getBoundingClientRect();
            if (box.right > edge.right + 1) {
                wrong.push(`a column is cut off: ${name(one)}`);
            }
        }
        if (!scroller(one) && (box.right > limits.right + 1 || box.left < limits.left - 1)) {
            wrong.push(`sticks out: ${name(one)}`);
        }
        const holds = !(may && scroller(one)) && !one.matches('input, select, textarea, svg, svg *') && !scrolls(one) && getComputedStyle(one).display !== 'inline';
        if (holds && one.scrollWidth > one.clientWidth + 1) {
            wrong.push(`its content is wider: ${name(one)}`);
        }
    }
    // Blocks of text; a block within another is part of it.
    const texts = all.filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '') && !one.closest('svg'))
        .map((one) => [one, one.getBoundingClientRect()]);
    for (const [at, [one, a]] of texts.entries()) {
        for (const [other, b] of texts.slice(at + 1)) {
            const covers = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
            const related = one.contains(other) || other.contains(one) || scroller(one) !== scroller(other);
            const inline = [one, other].some((each) => getComputedStyle(each).display === 'inline');
            if (covers && !related && !inline) {
                wrong.push(`covers: ${one.textContent.trim().slice(0, 60)} | ${other.textContent.trim().slice(0, 60)}`);
            }
        }
    }

    return wrong.slice(0, 20);
}
