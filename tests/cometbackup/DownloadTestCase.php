<?php

declare(strict_types=1);

// The product page of an active service in PHP-FPM, asked for an installer.

namespace Tests\Cometbackup;

use Tests\Host\Host;
use Tests\Support\CometSandbox;
use Tests\Support\CometTestCase;
use Tests\Support\PhpFpm;

abstract class DownloadTestCase extends CometTestCase
{
    protected const BUILD = 'branding/generate-client/';
    /** What the page of a service that cannot be shown has, and no file. */
    protected const PAGE = 'this is the page';

    private static ?PhpFpm $fpm = null;

    public static function tearDownAfterClass(): void
    {
        self::$fpm = null;
    }

    protected function setUp(): void
    {
        parent::setUp();
        $this->installers();
        $this->service(['domainstatus' => 'Active', 'username' => 'adaservice']);
    }

    /** @param array<string, mixed> $settings */
    protected function installers(array $settings = []): void
    {
        $this->world($settings + ['accounts' => [['Username' => 'adaservice']]]);
    }

    protected static function fpm(): PhpFpm
    {
        return self::$fpm ??= PhpFpm::start(true, ['whmcs_provisioning.request_timeout' => '3', 'display_errors' => '1']);
    }

    /** The client's product page, as WHMCS makes it: output waits in a buffer until the page is whole. */
    protected function page(string $type, ?int $until = null, string $before = '', ?callable $meanwhile = null, ?PhpFpm $fpm = null): FastCgi
    {
        return FastCgi::request($fpm ?? self::fpm(), self::script($before), self::query($type), $until, $meanwhile);
    }

    protected static function query(string $type): string
    {
        return 'action=productdetails&id=200&type=' . urlencode($type);
    }

    protected static function script(string $before = ''): string
    {
        $tests = var_export(dirname(__DIR__), true);

        return '<?php require ' . $tests . '."/bootstrap.php"; Tests\Host\Host::boot(Tests\Host\Host::connectionFromEnvironment());'
            . '$module = new Tests\Host\Module("servers", "cometbackup", ' . $tests . '."/../modules");'
            . '$service = Tests\Host\Host::service(200); ob_start(); echo "<html>"; ob_start(); echo "more";' . $before
            . '$_SESSION = ["uid" => 10];$answer = $module->call("ClientArea", $module->params()->forModel($service));'
            . 'ob_end_clean(); ob_end_clean(); echo ' . var_export(self::PAGE, true) . ', json_encode($answer["vars"]["errors"] ?? null);';
    }

    protected function assertPage(FastCgi $answer, string ...$mentions): void
    {
        $this->assertSame(200, $answer->status);
        $this->assertArrayNotHasKey('content-disposition', $answer->headers);
        $this->assertStringStartsWith(self::PAGE, $answer->start);
        foreach ($mentions as $mention) {
            $this->assertStringContainsString($mention, $answer->start);
        }
        $this->assertStringNotContainsString(CometSandbox::PASSWORD, $answer->start);
    }

    /** What the server sends to a caller that asks without us. */
    protected function direct(string $endpoint): string
    {
        $form = http_build_query(['Username' => CometSandbox::ADMIN, 'AuthType' => 'Password', 'Password' => CometSandbox::PASSWORD]);
        $context = stream_context_create(['http' => ['method' => 'POST', 'content' => $form,
            'header' => 'Content-Type: application/x-www-form-urlencoded']]);

        return (string) file_get_contents($this->comet->address() . '/api/v1/admin/' . self::BUILD . $endpoint, false, $context);
    }
}
