<?php

declare(strict_types=1);

// jetpack_FetchProductDescriptions: what the companion addon module writes into a product that it creates.

namespace Tests\Jetpack;

use Exception;
use Tests\Support\JetpackTestCase;

final class FetchProductDescriptionsTest extends JetpackTestCase
{
    private const PUBLIC = ['GET /product-families'];

    public function test_each_product_has_the_description_of_its_family_and_no_token_is_sent(): void
    {
        $descriptions = $this->module->call('FetchProductDescriptions');

        $this->assertSame('Jetpack Scan keeps a WordPress site safe and fast.', $descriptions['jetpack-scan']);
        $this->assertSame('Jetpack Packs keeps a WordPress site safe and fast.', $descriptions['jetpack-complete']);
        $this->assertCount(11, $descriptions);
        $this->assertSame(self::PUBLIC, $this->sandbox->requestLines());
        $this->assertArrayNotHasKey('authorization', $this->sandbox->requests()[0]['headers']);
    }

    /** WHMCS shows a product's description to customers as it is. */
    public function test_markup_becomes_plain_text_and_what_has_no_description_is_left_out(): void
    {
        $family = fn (string $slug, mixed $description): array => ['name' => 'F', 'slug' => 'f', 'description' => $description,
            'products' => [['product_id' => 1, 'name' => 'N', 'slug' => $slug]]];
        $long = str_repeat('Long enough. ', 100);
        $this->sandbox->reset(['families' => [
            $family('marked', '<script>alert(1)</script>Fast & <b>safe</b>.'),
            $family('none', null),
            $family('odd', ['a']),
            $family('long', $long),
        ]]);

        $this->assertSame(
            ['marked' => 'alert(1)Fast safe.', 'long' => trim($long)],
            $this->module->call('FetchProductDescriptions')
        );
    }

    /** The addon module takes it for "not created". */
    public function test_a_failure_is_an_exception_with_the_reason(): void
    {
        $this->sandbox->fault(['fault' => 'html', 'status' => 503, 'times' => 0]);

        try {
            $this->module->call('FetchProductDescriptions');
            $this->fail('No exception.');
        } catch (Exception $exception) {
            $this->assertSame(Exception::class, $exception::class);
            $this->assertSentence($exception->getMessage(), 'HTTP 503');
        }
    }
}
