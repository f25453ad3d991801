<?php

// An order (tblorders).

declare(strict_types=1);

namespace WHMCS\Order;

use Illuminate\Database\Eloquent\Relations\HasMany;
use WHMCS\Model\AbstractModel;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

class Order extends AbstractModel
{
    public const UPDATED_AT = null;

    public const CREATED_AT = null;

    protected $table = 'tblorders';

    protected array $columnMap = ['orderNumber' => 'ordernum', 'clientId' => 'userid'];

    public function services(): HasMany
    {
        return $this->hasMany(Service::class, 'orderid');
    }

    public function addons(): HasMany
    {
        return $this->hasMany(Addon::class, 'orderid');
    }
}
