<?php

// A product (tblproducts).

declare(strict_types=1);

namespace WHMCS\Product;

use Illuminate\Database\Eloquent\Relations\HasMany;
use WHMCS\Model\AbstractModel;
use WHMCS\Service\Service;

class Product extends AbstractModel
{
    protected $table = 'tblproducts';

    protected array $columnMap = ['module' => 'servertype', 'productGroupId' => 'gid', 'serverGroupId' => 'servergroup'];

    public function services(): HasMany
    {
        return $this->hasMany(Service::class, 'packageid');
    }
}
