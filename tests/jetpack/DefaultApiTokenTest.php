<?php

declare(strict_types=1);

// jetpack_DefaultApiToken, the default of setting 1: the first token that is stored anywhere.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class DefaultApiTokenTest extends JetpackTestCase
{
    /**
     * @dataProvider stored
     */
    public function test_the_default_token_is_the_first_that_is_stored(string $ofProduct, ?string $ofAddon, string $default): void
    {
        Capsule::table('tblproducts')->update(['configoption1' => $ofProduct]);
        if ($ofAddon !== null) {
            Host::setAddonModule('jetpack', ['api_token' => $ofAddon]);
        }
        Host::addProduct(['id' => 2, 'servertype' => 'other', 'configoption1' => 'tok_of_another_module']);
        Host::setAddonModule('other', ['api_token' => 'tok_of_another_addon']);

        $field = $this->module->configOptions(2)['API Token'];

        $this->assertSame([$default, $default], [$field['default'], $field['value']]);
    }

    /** @return array<string, array<int, ?string>> */
    public static function stored(): array
    {
        return [
            'of a product' => [JetpackSandbox::TOKEN, JetpackSandbox::SECOND_TOKEN, JetpackSandbox::TOKEN],
            'of the addon module' => ['', JetpackSandbox::SECOND_TOKEN, JetpackSandbox::SECOND_TOKEN],
            'nowhere: no placeholder' => ['', null, ''],
            'empty in the addon module' => ['', '', ''],
        ];
    }

    public function test_of_several_products_the_first_with_a_token_gives_it(): void
    {
        Capsule::table('tblproducts')->update(['configoption1' => '']);
        Host::addProduct($this->product(2, 'jetpack-scan', ['configoption1' => JetpackSandbox::SECOND_TOKEN]));
        Host::addProduct($this->product(3));

        $this->assertSame(JetpackSandbox::SECOND_TOKEN, $this->module->call('DefaultApiToken'));

        $this->assertSame([], $this->sandbox->requestLines());
    }
}
