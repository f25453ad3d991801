<?php

// The definition of a product addon (tbladdons).

declare(strict_types=1);

namespace WHMCS\Product;

use Illuminate\Database\Eloquent\Relations\HasMany;
use WHMCS\Model\AbstractModel;

class Addon extends AbstractModel
{
    protected $table = 'tbladdons';

    public function serviceAddons(): HasMany
    {
        return $this->hasMany(\WHMCS\Service\Addon::class, 'addonid');
    }
}
