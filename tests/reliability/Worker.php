<?php

declare(strict_types=1);

// One of the processes that play sequences, each with a database and a sandbox of its own.

namespace Tests\Reliability;

final class Worker
{
    /** Enough to see the causes. */
    private const MOST_VIOLATIONS = 3;

    private readonly World $world;
    private readonly Remote $remote;

    private function __construct()
    {
        $this->world = new World();
        $this->remote = new Remote();
    }

    /** Plays every `$stride`th sequence from `$first` on, and prints what came of them as JSON. */
    public static function run(int $first, int $last, int $stride): void
    {
        set_error_handler(static fn (int $level, string $text, string $file, int $line) => throw new \ErrorException($text, 0, $level, $file, $line));
        $worker = new self();
        $sum = ['sequences' => 0, 'steps' => 0, 'commands' => 0, 'faults' => [], 'settled' => [], 'violations' => []];
        for ($seed = $first; $seed <= $last && count($sum['violations']) < self::MOST_VIOLATIONS; $seed += $stride) {
            $sequence = Sequence::ofSeed($seed);
            [$violation, $stage] = $worker->play($sequence);
            $sum['sequences']++;
            $sum['steps'] += count($sequence->steps);
            $sum['commands'] += $stage->commands;
            foreach ($stage->faults as $fault => $count) {
                $sum['faults'][$fault] = ($sum['faults'][$fault] ?? 0) + $count;
            }
            foreach ($stage->settled() as $how => $count) {
                $sum['settled'][$how] = ($sum['settled'][$how] ?? 0) + $count;
            }
            if ($violation !== null) {
                $sum['violations'][] = $worker->told($sequence, $violation, $sum['sequences']);
            }
        }
        echo json_encode($sum, JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
    }

    /** @return array{?string, Stage} */
    private function play(Sequence $sequence): array
    {
        $stage = new Stage($this->world, $this->remote, $sequence->cast, $sequence->nameIsTaken, $sequence->list());
        try {
            foreach ($sequence->steps as $number => $step) {
                $at = sprintf('Step %d, %s', $number + 1, $step->told());
                $stage->play($step);
            }
            $at = 'After the sequence';
            (new Healing($stage))->run();
        } catch (\Throwable $thrown) {
            $kind = $thrown instanceof Violation ? '' : get_class($thrown) . " in {$thrown->getFile()}:{$thrown->getLine()} ";
            return ["$at: $kind{$thrown->getMessage()}", $stage];
        }

        return [null, $stage];
    }

    private function told(Sequence $sequence, string $violation, int $played): string
    {
        [$shrunk, $last] = $this->shrunk($sequence, $violation);

        return "MODEL_SEED=$sequence->seed MODEL_SEQUENCES=1 (the worker's sequence $played)\n{$sequence->told()}\n$violation\n"
            . "Shrunk:\n{$shrunk->told()}\n$last\nThe journal:\n" . $this->journal();
    }

    /** The fewest steps and faults that still fail. @return array{Sequence, string} */
    private function shrunk(Sequence $sequence, string $violation): array
    {
        for ($at = count($sequence->steps) - 1; $at >= 0; $at--) {
            $without = $sequence->steps;
            unset($without[$at]);
            [$sequence, $violation] = $this->smaller($sequence, $sequence->withSteps($without), $violation);
        }
        foreach (array_keys($sequence->steps) as $at) {
            foreach (array_reverse(array_keys($sequence->steps[$at]->faults)) as $fault) {
                $steps = $sequence->steps;
                $faults = $steps[$at]->faults;
                unset($faults[$fault]);
                $steps[$at] = $steps[$at]->withFaults(array_values($faults));
                [$sequence, $violation] = $this->smaller($sequence, $sequence->withSteps($steps), $violation);
            }
        }
        // Played once more, so that the journal is of this one.
        $this->play($sequence);

        return [$sequence, $violation];
    }

    /** @return array{Sequence, string} */
    private function smaller(Sequence $sequence, Sequence $candidate, string $violation): array
    {
        [$again] = $this->play($candidate);

        return $again === null ? [$sequence, $violation] : [$candidate, $again];
    }

    private function journal(): string
    {
        $line = static fn (array $row): string => "  {$row['owner_type']} {$row['owner_id']} {$row['operation']} {$row['state']}: "
            . "{$row['asked']}; {$row['answered']}";

        return implode("\n", array_map($line, $this->world->rows(World::JOURNAL, [])));
    }
}
