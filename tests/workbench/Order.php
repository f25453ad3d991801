<?php

declare(strict_types=1);

// An order from the shop: what was entered, what WHMCS itself finds wrong with it, and the service that it becomes.

namespace Tests\Workbench;

use Tests\Host\Host;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class Order
{
    /** @param array<mixed> $entered the form of the shop */
    public function __construct(private readonly int $product, private readonly array $entered)
    {
    }

    /** @return list<string> */
    public function errors(): array
    {
        $errors = [];
        foreach (OrderForm::fieldsOf($this->product) as $field) {
            $label = Html::text(OrderForm::labelOf($field->fieldname));
            $value = $this->entered('customfield', (int) $field->id);
            if ($field->required === 'on' && $value === '') {
                $errors[] = "$label is required";
            } elseif ($field->regexpr !== '' && $value !== '' && @preg_match((string) $field->regexpr, $value) !== 1) {
                $errors[] = "$label is not valid";
            }
        }
        foreach (OrderForm::optionsOf($this->product) as $option) {
            $quantity = (int) $this->entered('configoption', (int) $option->id);
            $most = (int) $option->qtymaximum;
            if ((int) $option->optiontype === 4 && ($quantity < (int) $option->qtyminimum || ($most > 0 && $quantity > $most))) {
                $errors[] = Html::text(OrderForm::labelOf($option->optionname)) . ' is out of range';
            }
        }

        return $errors;
    }

    public function place(int $client): Service
    {
        $product = Capsule::table('tblproducts')->find($this->product);
        $id = Host::addService([
            'userid' => $client,
            'packageid' => $this->product,
            'server' => self::serverOf((int) $product->servergroup),
            'domain' => is_string($this->entered['domain'] ?? null) ? trim($this->entered['domain']) : '',
            'domainstatus' => 'Pending',
            'password' => 'Pw-' . bin2hex(random_bytes(6)),
        ]);
        foreach (OrderForm::fieldsOf($this->product) as $field) {
            Capsule::table('tblcustomfieldsvalues')->insert([
                'fieldid' => $field->id, 'relid' => $id, 'value' => $this->entered('customfield', (int) $field->id),
            ]);
        }
        foreach (OrderForm::optionsOf($this->product) as $option) {
            $entered = $this->entered('configoption', (int) $option->id);
            $isQuantity = in_array((int) $option->optiontype, [3, 4], true);
            $first = (int) Capsule::table('tblproductconfigoptionssub')->where('configid', $option->id)->min('id');
            Capsule::table('tblhostingconfigoptions')->insert([
                'relid' => $id, 'configid' => $option->id,
                'optionid' => $isQuantity ? $first : (int) $entered,
                'qty' => match (true) {
                    !$isQuantity => 0,
                    $entered === 'on' => 1,
                    default => (int) $entered,
                },
            ]);
        }
        foreach (OrderForm::addonsOf($this->product) as $addon) {
            if ($this->entered('addons', (int) $addon->id) !== '') {
                Host::addServiceAddon([
                    'hostingid' => $id, 'addonid' => $addon->id, 'server' => self::serverOf((int) $addon->server_group_id), 'status' => 'Pending',
                ]);
            }
        }

        return Host::service($id);
    }

    private function entered(string $list, int $id): string
    {
        $value = $this->entered[$list][$id] ?? '';

        return is_string($value) ? trim($value) : '';
    }

    /** The first server of the group that is not disabled. */
    private static function serverOf(int $group): int
    {
        return (int) Capsule::table('tblservers')->join('tblservergroupsrel', 'tblservergroupsrel.serverid', '=', 'tblservers.id')
            ->where(['groupid' => $group, 'disabled' => 0])->orderByDesc('active')->orderBy('tblservers.id')->value('tblservers.id');
    }
}
