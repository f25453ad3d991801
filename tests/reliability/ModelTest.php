<?php

declare(strict_types=1);

// Random sequences of all functions, faults and people's changes against a small model of what must be true.

namespace Tests\Reliability;

use PDO;
use PHPUnit\Framework\TestCase;
use Tests\Support\ChildProcess;
use Tests\Support\SandboxProcess;

final class ModelTest extends TestCase
{
    /** The same sequences each time: a new one that fails is found by `make torture`, not by a change of something else. */
    private const SEED = 1;
    private const SEQUENCES = 500;
    private const UNDER_TORTURE = 20_000;
    private const WORKERS = 2;

    /** @var list<SandboxProcess> */
    private array $sandboxes = [];

    protected function tearDown(): void
    {
        foreach ($this->sandboxes as $sandbox) {
            $sandbox->stop();
        }
    }

    /** MODEL_SEED and MODEL_SEQUENCES repeat a run or one sequence, MODEL_WORKERS says how many processes play. */
    public function test_whatever_fails_and_whatever_people_do_each_service_ends_with_what_it_should_have(): void
    {
        $isTorture = (bool) getenv('TORTURE');
        $seed = (int) (getenv('MODEL_SEED') ?: ($isTorture ? random_int(1, 1_000_000_000) : self::SEED));
        $count = (int) (getenv('MODEL_SEQUENCES') ?: ($isTorture ? self::UNDER_TORTURE : self::SEQUENCES));
        $workers = min($count, (int) (getenv('MODEL_WORKERS') ?: self::WORKERS));
        fwrite(STDERR, "\nModel test: MODEL_SEED=$seed MODEL_SEQUENCES=$count\n");
        $begun = microtime(true);
        $processes = [];
        for ($number = 0; $number < $workers; $number++) {
            $processes[] = $this->worker($number, sprintf('%d, %d, %d', $seed + $number, $seed + $count - 1, $workers));
        }

        $sum = ['sequences' => 0, 'steps' => 0, 'commands' => 0];
        $faults = $settled = $violations = [];
        foreach ($processes as $process) {
            $ended = $process->wait();
            $this->assertSame(['', 0], [$ended['errors'], $ended['exit']], $ended['output']);
            $result = json_decode($ended['output'], true, 16, JSON_THROW_ON_ERROR);
            $sum = array_map(static fn (int $so, int $more): int => $so + $more, $sum, array_intersect_key($result, $sum));
            $sum = array_combine(['sequences', 'steps', 'commands'], $sum);
            foreach ($result['faults'] as $fault => $hit) {
                $faults[$fault] = ($faults[$fault] ?? 0) + $hit;
            }
            foreach ($result['settled'] as $how => $times) {
                $settled[$how] = ($settled[$how] ?? 0) + $times;
            }
            array_push($violations, ...$result['violations']);
        }

        $seconds = round(microtime(true) - $begun);
        fwrite(STDERR, json_encode($sum + ['faults' => $faults, 'lost answers' => $settled, 'seconds' => $seconds]) . "\n");
        $this->assertCount(0, $violations, implode("\n\n", $violations));
        $this->assertSame($count, $sum['sequences']);
        $this->assertGreaterThan($count > 100 ? $count : 0, array_sum($faults) + 1);
    }

    private function worker(int $number, string $range): ChildProcess
    {
        $sandbox = SandboxProcess::start("model-$number");
        $this->sandboxes[] = $sandbox;

        return ChildProcess::start(
            "Tests\\Reliability\\Worker::run($range);",
            [
                'whmcs_provisioning.jetpack_api_url' => $sandbox->apiUrl(),
                'whmcs_provisioning.connect_timeout' => '2',
                'opcache.enable_cli' => '1',
            ],
            ['TEST_DB_NAME' => $this->database("whmcs_model_$number"), 'TEST_SANDBOX' => $sandbox->card(), 'TEST_SANDBOX_URL' => $sandbox->url()]
        );
    }

    private function database(string $name): string
    {
        $root = new PDO('mysql:unix_socket=' . getenv('TEST_DB_SOCKET'), 'root', '', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
        $root->exec("DROP DATABASE IF EXISTS $name");
        $root->exec("CREATE DATABASE $name CHARACTER SET utf8mb3");
        $root->exec("GRANT ALL ON $name.* TO whmcs@localhost");

        return $name;
    }
}
