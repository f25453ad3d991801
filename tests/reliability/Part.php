<?php

declare(strict_types=1);

// One service or product addon of a sequence.

namespace Tests\Reliability;

use Tests\Host\Host;
use Tests\Host\Module;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

enum Part: string
{
    case License = 'license';
    case LicenseOfAnother = 'license of another';
    case LicenseAddon = 'license addon';
    case Backup = 'backup';
    /** Its customer wishes the same Comet user name. */
    case BackupOfAnother = 'backup of another';
    case BackupAddon = 'backup addon';

    public function id(): int
    {
        return match ($this) {
            self::License => 100,
            self::LicenseOfAnother => 101,
            self::LicenseAddon => 300,
            self::Backup => 200,
            self::BackupOfAnother => 201,
            self::BackupAddon => 400,
        };
    }

    public function client(): int
    {
        return in_array($this, [self::LicenseOfAnother, self::BackupOfAnother], true) ? 11 : 10;
    }

    public function isAddon(): bool
    {
        return in_array($this, [self::LicenseAddon, self::BackupAddon], true);
    }

    public function isLicense(): bool
    {
        return in_array($this, [self::License, self::LicenseOfAnother, self::LicenseAddon], true);
    }

    public function module(): string
    {
        return $this->isLicense() ? 'jetpack' : 'cometbackup';
    }

    public function loaded(): Module
    {
        return Module::installed($this->module());
    }

    public function model(): Service|Addon
    {
        return $this->isAddon() ? Host::serviceAddon($this->id()) : Host::service($this->id());
    }

    /** Which rows of the journal are its own. @return array<string, int|string> */
    public function owner(): array
    {
        return ['module' => $this->module(), 'owner_type' => $this->isAddon() ? 'addon' : 'service', 'owner_id' => $this->id()];
    }

    /** Which rows of the module's own tables are its own. @return array<string, int> */
    public function holder(): array
    {
        return $this->isAddon() ? ['addon_id' => $this->id()] : ['service_id' => $this->id(), 'addon_id' => 0];
    }
}
