<?php

declare(strict_types=1);

// A large installer through PHP-FPM: how much of it is held, when its first byte comes, how fast the rest is.

namespace Tests\Bench;

use Tests\Support\CometSandbox;
use Tests\Support\PhpFpm;
use WHMCS\Database\Capsule;

final class Installer
{
    public const BYTES = 200_000_000;
    private const PATH = '/api/v1/admin/branding/generate-client/linuxgeneric';

    /** @return array{memory: list<int>, first: array<string, list<float>>, rate: array<string, list<float>>} @param ?int $speed of the server, bytes a second */
    public static function run(int $rounds, ?int $speed = null): array
    {
        $world = World::fresh(['download_bytes' => self::BYTES] + ($speed === null ? [] : ['download_speed' => $speed]));
        $fpm = $world->fpm();
        $service = Lives::begin('cometbackup');
        $world->call($fpm, 'cometbackup', 'CreateAccount', $service, 'ours');
        Capsule::table('tblhosting')->where('id', $service)->update(['domainstatus' => 'Active']);
        $called = getenv('TEST_DIR') . '/called';
        $ours = new Download($fpm, self::page($service, $called));
        // What PHP-FPM can do at most: bytes that it has at hand.
        $echo = new Download($fpm, '<?php $piece = str_repeat("x", 65536); for ($i = 0; $i < ' . intdiv(self::BYTES, 65536) . '; $i++) { echo $piece; }');
        $measured = ['memory' => [], 'first' => [], 'rate' => []];
        for ($round = -1; $round < $rounds; $round++) {
            [$download, $memory] = self::throughUs($fpm, $ours);
            // From the call on: what WHMCS does before is not ours.
            $download['begun'] = (float) file_get_contents($called);
            $all = ['ours' => $download, 'curl' => self::byCurl($world->comet), 'fpm' => ['begun' => microtime(true)] + $echo->run()];
            foreach ($round < 0 ? [] : $all as $who => $one) {
                $measured['first'][$who][] = ($one['first'] - $one['begun']) * 1e3;
                $measured['rate'][$who][] = self::BYTES / 1e6 / ($one['last'] - $one['first']);
            }
            $measured['memory'] = $round < 0 ? [] : [...$measured['memory'], $memory];
        }

        return $measured;
    }

    /** @return array{array{first: float, last: float, bytes: int}, int} and kilobytes that were held on top */
    private static function throughUs(PhpFpm $fpm, Download $client): array
    {
        $worker = $fpm->workers()[0];
        file_put_contents("/proc/$worker/clear_refs", '5');
        $resident = self::memory($worker, 'VmRSS');
        $download = $client->run();
        if ($download['bytes'] < self::BYTES || $fpm->workers() !== [$worker]) {
            throw new \RuntimeException("Of the installer came {$download['bytes']} bytes.\n" . $fpm->log());
        }

        return [$download, self::memory($worker, 'VmHWM') - $resident];
    }

    /** @return array{begun: float, first: float, last: float} */
    private static function byCurl(CometSandbox $comet): array
    {
        $handle = curl_init($comet->address() . self::PATH);
        $first = null;
        $begun = microtime(true);
        curl_setopt_array($handle, [
            CURLOPT_POSTFIELDS => http_build_query(['Username' => CometSandbox::ADMIN, 'AuthType' => 'Password', 'Password' => CometSandbox::PASSWORD]),
            CURLOPT_BUFFERSIZE => 512 * 1024,
            CURLOPT_WRITEFUNCTION => static function ($_, string $piece) use (&$first): int {
                $first ??= microtime(true);

                return strlen($piece);
            },
        ]);
        curl_exec($handle);
        $last = microtime(true);
        if (curl_getinfo($handle, CURLINFO_SIZE_DOWNLOAD_T) !== self::BYTES) {
            throw new \RuntimeException('curl got not all of the installer.');
        }

        return compact('begun', 'first', 'last');
    }

    private static function page(int $service, string $called): string
    {
        $tests = var_export(dirname(__DIR__), true);

        return "<?php require $tests . '/bootstrap.php'; Tests\\Host\\Host::boot(Tests\\Host\\Host::connectionFromEnvironment());"
            . '$_GET = ["type" => "downloadResponseLinux"];'
            . "\$module = new Tests\\Host\\Module('servers', 'cometbackup', $tests . '/../modules');"
            . "\$params = \$module->paramsFor(Tests\\Host\\Host::service($service)); ob_start();"
            . 'file_put_contents(' . var_export($called, true) . ', sprintf("%.6F", microtime(true)));'
            . '$module->call("ClientArea", $params);';
    }

    private static function memory(int $process, string $field): int
    {
        preg_match("/^$field:\s+(\d+) kB/m", (string) file_get_contents("/proc/$process/status"), $found);

        return (int) $found[1];
    }
}
