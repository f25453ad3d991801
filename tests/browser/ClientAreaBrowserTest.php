<?php

declare(strict_types=1);

// The customer's page in a real browser, in each kind of theme and on screens of every width: nothing sticks out.

namespace Tests\Browser;

use Tests\Host\Page;
use Tests\Support\CometTestCase;
use Tests\Support\Themes;

final class ClientAreaBrowserTest extends CometTestCase
{
    private const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikationsbetriebsrechner';
    /** Elements of the page that reach beyond it, or whose content does; tables scroll by themselves. */
    private const STICKS_OUT = <<<'JS'
        (() => {
            const page = document.querySelector('.provisioning-page').getBoundingClientRect();
            return [...document.querySelectorAll('.provisioning-page *')]
                .filter((one) => !one.closest('.provisioning-scroll > *') && !one.closest('style, svg, .provisioning-hidden, details:not([open]) > *'))
                .filter((one) => {
                    const box = one.getBoundingClientRect();
                    const scrolls = one.matches('.provisioning-scroll');
                    return box.right > page.right + 1 || box.left < page.left - 1
                        || (!scrolls && getComputedStyle(one).display !== 'inline' && one.scrollWidth > one.clientWidth + 1);
                })
                .map((one) => one.outerHTML.slice(0, 120));
        })()
        JS;
    /** Lines of text that cover each other. */
    private const OVERLAPS = <<<'JS'
        (() => {
            const texts = [...document.querySelectorAll('.provisioning-page dt, .provisioning-page dd, .provisioning-page p, .provisioning-page li li, '
                + '.provisioning-badge, .provisioning-page h3, .provisioning-page h4, .provisioning-page h5')].map((one) => [one, one.getBoundingClientRect()]);
            return texts.flatMap(([one, a], at) => texts.slice(at + 1)
                .filter(([other, b]) => !one.contains(other) && a.width && b.width && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
                .map(([other]) => one.textContent.slice(0, 60) + ' | ' + other.textContent.slice(0, 60)));
        })()
        JS;

    private static ?Chromium $browser = null;

    public static function tearDownAfterClass(): void
    {
        self::$browser = null;
    }

    /** @return iterable<string, array{string, int}> */
    public static function screens(): iterable
    {
        foreach (array_keys(Themes::all()) as $theme) {
            foreach ([320, 390, 768, 1200] as $width) {
                yield "$theme, $width" => [$theme, $width];
            }
        }
    }

    /** @dataProvider screens */
    public function test_nothing_sticks_out_or_covers_anything(string $theme, int $width): void
    {
        self::$browser ??= Chromium::start();
        $page = self::$browser->show(Page::themed($this->busyPage(), 'Backup', Themes::all()[$theme]));

        $page->screen($width);

        $this->assertSame($width, $page->evaluate('innerWidth'));
        $this->assertTrue($page->evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'));
        $this->assertSame([], $page->evaluate(self::STICKS_OUT));
        $this->assertSame([], $page->evaluate(self::OVERLAPS));
        $this->assertSame(2, $page->evaluate('document.querySelectorAll(".provisioning-scroll").length'));
    }

    /** Long names without a space, many digits, limits that are passed. */
    private function busyPage(): string
    {
        $job = ['Username' => self::NAME, 'Classification' => 4005, 'Status' => 7003, 'StartTime' => time() + 60, 'EndTime' => time() + 90_000,
            'SourceGUID' => 's1', 'DeviceID' => 'd1', 'TotalFiles' => PHP_INT_MAX, 'TotalSize' => PHP_INT_MAX, 'UploadSize' => PHP_INT_MAX];
        $this->world(['jobs' => [$job, ['SourceGUID' => 'gone'] + $job]]);
        $service = $this->created();
        $this->comet->changeAccount(self::NAME, ['merge' => [
            'AccountName' => str_repeat(self::LONG, 2),
            'Devices' => ['d1' => ['FriendlyName' => self::LONG], 'd2' => ['FriendlyName' => 'PC']],
            'Sources' => ['s1' => ['Description' => self::LONG, 'OwnerDevice' => 'd1', 'Engine' => 'engine1/file']],
            'Destinations' => [
                'v1' => ['Description' => 'V1', 'DestinationType' => 1000, 'StorageLimitEnabled' => true, 'StorageLimitBytes' => 1234 * self::TB,
                    'Statistics' => ['ClientProvidedSize' => ['Size' => 999 * self::TB, 'MeasureCompleted' => time()]]],
                'v2' => ['Description' => self::LONG, 'DestinationType' => 1000],
            ],
            'MaximumDevices' => 1,
        ]]);
        $html = $this->module->clientArea($service);
        $this->assertStringContainsString(self::LONG, $html);
        // No web server is there for the style sheet.
        $path = '/modules/addons/whmcs_provisioning/assets/pages.css';
        $sheet = '<style>' . file_get_contents(dirname(__DIR__, 2) . $path) . '</style>';

        return preg_replace_callback('~<link [^>]*' . preg_quote($path) . '[^>]*>~', static fn (): string => $sheet, $html);
    }
}
