<?php

declare(strict_types=1);

// The form on which a product is configured before it is ordered: domain, configurable options, custom fields, product addons.

namespace Tests\Workbench;

use WHMCS\Database\Capsule;

final class OrderForm
{
    public static function html(object $product): string
    {
        $html = (int) $product->showdomainoptions === 1 ? self::row('Domain', Html::input('domain', Input::text('domain'), 'text', 'Domain')) : '';
        $html .= self::options((int) $product->id) . self::fields((int) $product->id) . self::addons((int) $product->id);

        return Html::form("/cart.php?a=add&pid=$product->id", [], $html . Html::button('Continue', '', '', 'primary'));
    }

    private static function options(int $product): string
    {
        $sent = Input::texts('configoption');
        $html = '';
        foreach (self::optionsOf($product) as $option) {
            [$name, $label] = ["configoption[$option->id]", self::labelOf($option->optionname)];
            $choices = Capsule::table('tblproductconfigoptionssub')->where(['configid' => $option->id, 'hidden' => 0])
                ->orderBy('sortorder')->orderBy('id')->pluck('optionname', 'id')->map(self::labelOf(...))->all();
            $value = $sent[$option->id] ?? (string) $option->qtyminimum;
            $html .= self::row($label, match ((int) $option->optiontype) {
                4 => Html::input($name, $value, 'number', $label),
                3 => Html::tick($name, $value === 'on', $label),
                default => Html::select($name, $choices, $value, $label),
            });
        }

        return $html;
    }

    private static function fields(int $product): string
    {
        $sent = Input::texts('customfield');
        $html = '';
        foreach (self::fieldsOf($product) as $field) {
            [$name, $label] = ["customfield[$field->id]", self::labelOf($field->fieldname)];
            $value = $sent[$field->id] ?? '';
            $options = explode(',', $field->fieldoptions);
            $input = match ($field->fieldtype) {
                'password' => Html::input($name, $value, 'password', $label),
                'tickbox' => Html::tick($name, $value === 'on', $label),
                'dropdown' => Html::select($name, array_combine($options, $options), $value, $label),
                default => Html::input($name, $value, 'text', $label),
            };
            $html .= self::row($label . ($field->required === 'on' ? ' *' : ''), $input . ' <small>' . Html::text($field->description) . '</small>');
        }

        return $html;
    }

    private static function addons(int $product): string
    {
        $sent = Input::texts('addons');
        $html = '';
        foreach (self::addonsOf($product) as $addon) {
            $html .= self::row($addon->name, Html::tick("addons[$addon->id]", isset($sent[$addon->id]), (string) $addon->name));
        }

        return $html;
    }

    /** @return iterable<object> */
    public static function optionsOf(int $product): iterable
    {
        return Capsule::table('tblproductconfigoptions as option')->join('tblproductconfiglinks as link', 'link.gid', '=', 'option.gid')
            ->where(['link.pid' => $product, 'option.hidden' => 0])->orderBy('option.order')->orderBy('option.id')->get('option.*');
    }

    /** Those that the customer sees. @return iterable<object> */
    public static function fieldsOf(int $product): iterable
    {
        return Capsule::table('tblcustomfields')->where(['type' => 'product', 'relid' => $product, 'adminonly' => ''])
            ->orderBy('sortorder')->orderBy('id')->get();
    }

    /** @return iterable<object> */
    public static function addonsOf(int $product): iterable
    {
        return Capsule::table('tbladdons')->where(['hidden' => 0, 'retired' => 0])->whereRaw('FIND_IN_SET(?, packages)', [$product])
            ->orderBy('weight')->orderBy('id')->get();
    }

    /** What stands after the bar is shown. */
    public static function labelOf(mixed $name): string
    {
        return trim(substr((string) strrchr('|' . $name, '|'), 1));
    }

    private static function row(mixed $label, string $html): string
    {
        return '<div class="form-group"><p><b>' . Html::text($label) . "</b><br>$html</p></div>";
    }
}
