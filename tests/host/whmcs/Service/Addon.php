<?php

// A product addon a client has bought for a service (tblhostingaddons).

declare(strict_types=1);

namespace WHMCS\Service;

use Illuminate\Database\Eloquent\Relations\BelongsTo;
use WHMCS\Model\AbstractModel;
use WHMCS\Order\Order;
use WHMCS\User\Client;

class Addon extends AbstractModel
{
    protected $table = 'tblhostingaddons';

    protected array $columnMap = [
        'clientId' => 'userid',
        'serviceId' => 'hostingid',
        'serverId' => 'server',
        'registrationDate' => 'regdate',
        'paymentGateway' => 'paymentmethod',
    ];

    public function client(): BelongsTo
    {
        return $this->belongsTo(Client::class, 'userid');
    }

    public function service(): BelongsTo
    {
        return $this->belongsTo(Service::class, 'hostingid');
    }

    public function productAddon(): BelongsTo
    {
        return $this->belongsTo(\WHMCS\Product\Addon::class, 'addonid');
    }

    public function order(): BelongsTo
    {
        return $this->belongsTo(Order::class, 'orderid');
    }

    public function getServicePropertiesAttribute(): Properties
    {
        return new Properties($this);
    }
}
