<?php

declare(strict_types=1);

// A WHMCS with one product of each module, a Comet Server with one storage template, a PHP-FPM with the library.

namespace Tests\Bench;

use RuntimeException;
use Tests\Cometbackup\FastCgi;
use Tests\Host\Host;
use Tests\Support\CometSandbox;
use Tests\Support\JetpackSandbox;
use Tests\Support\PhpFpm;

final class World
{
    private function __construct(public readonly JetpackSandbox $sandbox, public readonly CometSandbox $comet)
    {
    }

    /** @param array<string, mixed> $server settings of the Comet Server */
    public static function fresh(array $server = []): self
    {
        Host::truncate(true);
        $world = new self(JetpackSandbox::fromEnvironment(), CometSandbox::fromEnvironment());
        $world->sandbox->reset();
        $world->comet->reset($server + ['templates' => [Lives::TEMPLATE => 'Storage']]);
        Host::addServer(['id' => Lives::SERVER, 'type' => 'cometbackup', 'hostname' => '127.0.0.1', 'port' => $world->comet->port(),
            'username' => CometSandbox::ADMIN, 'password' => CometSandbox::PASSWORD]);
        Host::addProduct(['id' => Lives::COMET, 'servertype' => 'cometbackup', 'configoption2' => Lives::TEMPLATE]);
        Host::addConfigurableOption(Lives::COMET, ['optionname' => 'number_of_devices']);
        $jetpack = ['servertype' => 'jetpack', 'configoption1' => JetpackSandbox::TOKEN, 'configoption4' => 'revoke'];
        Host::addProduct(['id' => Lives::JETPACK, 'configoption2' => 'jetpack-complete'] + $jetpack);
        Host::addProduct(['id' => Lives::JETPACK_OTHER, 'configoption2' => 'jetpack-scan'] + $jetpack);

        return $world;
    }

    /** @param array<string, string> $pool */
    public function fpm(array $pool = []): PhpFpm
    {
        return PhpFpm::start(true, ['whmcs_provisioning.jetpack_api_url' => $this->sandbox->httpsApiUrl(), 'memory_limit' => '-1',
            'whmcs_provisioning.ca_file' => $this->sandbox->caFile()], $pool + ['pm.max_children' => '1']);
    }

    public function cometFloor(): Floor
    {
        return new Floor($this->sandbox, $this->comet->address() . '/api/v1/admin', $this->sandbox->caFile());
    }

    /** One call in a worker. @param array<string, string> $more of the query @return array<string, mixed> see Probe */
    public function call(PhpFpm $fpm, string $module, string $function, int $service, string $who, array $more = []): array
    {
        $query = http_build_query(compact('module', 'function', 'service', 'who') + $more);
        $page = FastCgi::request($fpm, '<?php require ' . var_export(__DIR__ . '/worker.php', true) . ';', $query);
        $measured = json_decode($page->start, true);
        $answer = $measured['answer'] ?? null;
        $wentWrong = !is_array($measured) || $page->status !== 200 || (is_string($answer) && $who === 'ours' && !self::isGood($function, $answer))
            || ($answer['success'] ?? true) === false || !empty($answer['errors']) || !in_array($answer['status'] ?? 200, [200, null], true);
        if ($wentWrong) {
            throw new RuntimeException("{$module}_$function ($who) answered " . (json_encode($answer) ?: '') . "\n$page->start {$fpm->log()}");
        }

        return $measured;
    }

    private static function isGood(string $function, string $answer): bool
    {
        return $answer === 'success' || in_array($function, ['DefaultApiToken', 'Reconcile', 'AdminLink'], true);
    }
}
