<?php

declare(strict_types=1);

// What a page of the workbench is: its content and where it stands, or another address to go to.

namespace Tests\Workbench;

final class Screen
{
    private function __construct(
        public readonly string $side,
        public readonly string $title,
        public readonly string $html,
        public readonly int $status = 200,
        public readonly ?string $location = null
    ) {
    }

    public static function client(string $title, string $html): self
    {
        return new self('client', $title, $html);
    }

    public static function admin(string $title, string $html): self
    {
        return new self('admin', $title, $html);
    }

    /** A page of the workbench itself, which WHMCS does not have. */
    public static function bench(string $title, string $html): self
    {
        return new self('bench', $title, $html);
    }

    public static function refused(string $side, string $title, string $sentence, int $status): self
    {
        return new self($side, $title, Html::alert('danger', Html::text($sentence)), $status);
    }

    /** What was said is shown on the page that is gone to. */
    public static function go(string $location, ?string $kind = null, string $said = ''): self
    {
        if ($kind !== null) {
            $_SESSION['workbench_said'][] = [$kind, $said];
        }

        return new self('bench', '', '', 302, $location);
    }
}
