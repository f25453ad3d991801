<?php

declare(strict_types=1);

// Lives of services, ours and the plain client's in turn, so that whatever else the machine does hits both.

namespace Tests\Bench;

use Tests\Support\PhpFpm;

final class Rounds
{
    /** @var array<string, Floor> */
    private array $floors;
    /** @var array<string, array<string, array<string, list<array<string, mixed>>>>> module, function, who */
    private array $measured = [];

    public function __construct(private readonly World $world, private readonly PhpFpm $fpm)
    {
        $ca = $world->sandbox->caFile();
        $this->floors = ['cometbackup' => $world->cometFloor(), 'jetpack' => new Floor($world->sandbox, $world->sandbox->httpsApiUrl(), $ca)];
    }

    /** Two lives of each first, which count for nothing: tables are made, templates compiled, connections opened. */
    public function warmUp(): void
    {
        foreach ([0, 1] as $_) {
            array_map($this->life(...), ['cometbackup', 'jetpack']);
        }
        $this->measured = [];
    }

    /** @return array<string, array<string, array<string, list<array<string, mixed>>>>> by module, function, who */
    public function run(int $times, int $latency): array
    {
        $this->world->sandbox->latency($latency, $latency);
        for ($round = 0; $round < $times; $round++) {
            array_map($this->life(...), ['cometbackup', 'jetpack']);
        }
        $this->world->sandbox->latency(0, 0);
        [$measured, $this->measured] = [$this->measured, []];

        return $measured;
    }

    private function life(string $module): void
    {
        $services = ['ours' => Lives::begin($module), 'plain' => Lives::begin($module)];
        foreach (Lives::all()[$module] as $function => $step) {
            $ours = $this->step($module, $function, $services['ours'], 'ours');
            if ($step->plain !== null) {
                $this->step($module, $function, $services['plain'], 'plain');
            }
            ['requests' => $requests, 'connections' => $new, 'bytes_received' => $sent, 'bytes_sent' => $received] = $ours['traffic'];
            $ms = $this->floors[$module]->milliseconds($function, min($requests, $step->trips ?? $requests), $new, $sent, $received);
            $this->measured[$module][$function]['floor'][] = ['ms' => $ms];
        }
    }

    /** @return array<string, mixed> */
    private function step(string $module, string $function, int $service, string $who): array
    {
        Lives::prepare($module, $function, $service);

        return $this->measured[$module][$function][$who][] = $this->world->call($this->fpm, $module, $function, $service, $who);
    }
}
