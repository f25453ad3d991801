<?php

// A service: a product a client has bought (tblhosting).

declare(strict_types=1);

namespace WHMCS\Service;

use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Illuminate\Database\Eloquent\Relations\HasMany;
use WHMCS\Model\AbstractModel;
use WHMCS\Order\Order;
use WHMCS\Product\Product;
use WHMCS\User\Client;

class Service extends AbstractModel
{
    protected $table = 'tblhosting';

    protected array $columnMap = [
        'clientId' => 'userid',
        'productId' => 'packageid',
        'serverId' => 'server',
        'status' => 'domainstatus',
        'registrationDate' => 'regdate',
        'paymentGateway' => 'paymentmethod',
        'recurringAmount' => 'amount',
        'promotionId' => 'promoid',
    ];

    public function client(): BelongsTo
    {
        return $this->belongsTo(Client::class, 'userid');
    }

    public function product(): BelongsTo
    {
        return $this->belongsTo(Product::class, 'packageid');
    }

    public function order(): BelongsTo
    {
        return $this->belongsTo(Order::class, 'orderid');
    }

    public function addons(): HasMany
    {
        return $this->hasMany(Addon::class, 'hostingid');
    }

    public function getServicePropertiesAttribute(): Properties
    {
        return new Properties($this);
    }
}
