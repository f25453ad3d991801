<?php

// The actions a module offers for one service.

declare(strict_types=1);

namespace WHMCS\Module\Server;

use Illuminate\Support\Collection;

class CustomActionCollection extends Collection
{
    public function add($item)
    {
        if (!$item instanceof CustomAction) {
            throw new \InvalidArgumentException('A custom action is expected.');
        }

        return parent::add($item);
    }
}
