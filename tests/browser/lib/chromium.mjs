// Debian's chromium without a screen; playwright-core brings no browser of its own.

import { chromium } from 'playwright-core';

/** With its own pop-up blocking, as on a visitor's screen. */
export function start() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu'],
        ignoreDefaultArgs: ['--disable-popup-blocking'],
    });
}
