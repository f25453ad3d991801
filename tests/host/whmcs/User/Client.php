<?php

// A client (tblclients).

declare(strict_types=1);

namespace WHMCS\User;

use Illuminate\Database\Eloquent\Relations\HasMany;
use WHMCS\Model\AbstractModel;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

class Client extends AbstractModel
{
    protected $table = 'tblclients';

    public function services(): HasMany
    {
        return $this->hasMany(Service::class, 'userid');
    }

    public function addons(): HasMany
    {
        return $this->hasMany(Addon::class, 'userid');
    }

    public function getFullNameAttribute(): string
    {
        return trim($this->firstname . ' ' . $this->lastname);
    }
}
