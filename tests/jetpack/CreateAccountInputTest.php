<?php

declare(strict_types=1);

// jetpack_CreateAccount with parameters as hosts really have them: nothing is sent that should not be.

namespace Tests\Jetpack;

use Tests\Host\Host;
use Tests\Support\JetpackSandbox;
use Tests\Support\JetpackTestCase;

final class CreateAccountInputTest extends JetpackTestCase
{
    /**
     * @dataProvider pastedTokens
     */
    public function test_what_pasting_adds_around_a_token_is_left_away(string $token): void
    {
        $this->assertSame('success', $this->module->create($this->service(), ['configoption1' => $token]));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame('Bearer ' . JetpackSandbox::TOKEN, $this->sandbox->requests()[0]['headers']['authorization']);
        $this->assertEveryLicenseIsKnown();
    }

    /** @return array<string, array<int, string>> */
    public static function pastedTokens(): array
    {
        return [
            'a newline behind' => [JetpackSandbox::TOKEN . "\n"],
            'CR LF around' => ["\r\n" . JetpackSandbox::TOKEN . "\r\n"],
            'blanks and a tab around' => [' ' . JetpackSandbox::TOKEN . "\t "],
        ];
    }

    /**
     * The PHP module ended with a TypeError, or wrote the token to an error log.
     *
     * @dataProvider unusableTokens
     * @group slow
     */
    public function test_an_unusable_token_is_named_and_nothing_is_sent(mixed $token, string $mention): void
    {
        $answer = $this->module->create($this->service(), ['configoption1' => $token]);

        $this->assertSentence($answer, 'API Token', $mention);
        $this->assertStringNotContainsString('hidden', $answer);
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->rows());
        $this->assertSame([], $this->journal());
    }

    /** @return array<string, array<int, mixed>> */
    public static function unusableTokens(): array
    {
        return [
            'empty' => ['', 'is empty'],
            'only blanks' => [" \n", 'is empty'],
            'null' => [null, 'is empty'],
            'an array' => [['tok'], 'is empty'],
            'a newline inside' => ["hidden\ntoken", 'Paste the token again'],
            'a header inside' => ["hidden\r\nX-Evil: 1", 'Paste the token again'],
            'NUL at the start' => ["\0hidden", 'Paste the token again'],
            'NUL inside' => ["hidden\0token", 'Paste the token again'],
            'a blank inside' => ['hidden token', 'Paste the token again'],
            'letters beyond ASCII' => ['hidden-tökén', 'Paste the token again'],
        ];
    }

    public function test_a_token_that_is_not_utf_8_is_refused(): void
    {
        $answer = $this->module->create($this->service(), ['configoption1' => "hidden\xff\xfe"]);

        $this->assertSentence($answer, 'API Token');
        $this->assertStringNotContainsString('hidden', $answer);
        $this->assertSame([], $this->sandbox->requestLines());
    }

    /**
     * @dataProvider unusableSlugs
     * @group slow
     */
    public function test_an_unusable_product_is_named_and_nothing_is_sent(mixed $slug, string $mention): void
    {
        $answer = $this->module->create($this->service(), ['configoption2' => $slug]);

        $this->assertSentence($answer, 'Jetpack Product', $mention);
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->rows());
        $this->assertSame([], $this->journal());
    }

    /** @return array<string, array<int, mixed>> */
    public static function unusableSlugs(): array
    {
        return [
            'empty' => ['', 'is empty'],
            'null' => [null, 'is empty'],
            'an array' => [['jetpack-scan'], 'is empty'],
            'blanks inside' => ['jetpack scan', 'from the list'],
            'HTML' => ['<script>alert(1)</script>', 'from the list'],
            'a quote' => ['jetpack"scan', 'from the list'],
            'a second parameter' => ['jetpack-scan&license_key=x', 'from the list'],
            'a path' => ['jetpack-scan/../x', 'from the list'],
            'NUL' => ["jetpack\0scan", 'from the list'],
            'too long' => [str_repeat('a', 192), 'from the list'],
        ];
    }

    /** The token holds an ampersand: encoded twice it would not be known to Jetpack. */
    public function test_entity_encoded_parameters_are_decoded_once(): void
    {
        $service = $this->service();
        Host::$encodeEntities = true;

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame('Bearer ' . JetpackSandbox::TOKEN, $this->sandbox->requests()[0]['headers']['authorization']);
        $this->assertEveryLicenseIsKnown();
    }

    public function test_numbers_as_text_are_the_same_service(): void
    {
        $service = $this->service();
        $this->issued($service);
        Host::$looseTypes = true;

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    public function test_a_service_is_created_with_numbers_as_text(): void
    {
        $service = $this->service(['qty' => 2]);
        Host::$looseTypes = true;

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEquals([100, 100], array_column($this->rows(), 'service_id'));
        $this->assertEquals([500, 500], array_column($this->rows(), 'order_id'));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_an_addon_is_known_by_its_model_where_the_parameter_is_missing(): void
    {
        $service = $this->service();
        $addon = $this->addon();
        $this->issued($service);

        $this->assertSame('success', $this->module->create($addon, ['addonId' => null]));

        $this->assertEquals([0, 300], array_column($this->activeRows(), 'addon_id'));
        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
        $this->assertEveryLicenseIsKnown();
    }

    /**
     * The PHP module ended with a TypeError.
     *
     * @dataProvider foreignParameters
     */
    public function test_parameters_that_are_no_services_answer_a_sentence(mixed ...$arguments): void
    {
        $answer = $this->module->call('CreateAccount', ...$arguments);

        $this->assertSentence($answer, 'did not say which service');
        $this->assertSame([], $this->sandbox->requestLines());
        $this->assertSame([], $this->rows());
    }

    /** @return array<string, array<int, mixed>> */
    public static function foreignParameters(): array
    {
        $token = ['configoption1' => JetpackSandbox::TOKEN, 'configoption2' => 'jetpack-complete'];
        return [
            'nothing' => [],
            'null' => [null],
            'a text' => ['100'],
            'an empty array' => [[]],
            'no model' => [['serviceid' => 100, 'pid' => 1] + $token],
            'a model that is an array' => [['pid' => 1, 'model' => ['id' => 100]] + $token],
            'a model without service id' => [['pid' => 1, 'model' => new \stdClass()] + $token],
        ];
    }

    public function test_a_foreign_products_refusal_is_told_with_reason_and_request_id(): void
    {
        $answer = $this->module->create($this->service(), ['configoption2' => 'jetpack-nothing']);

        $id = $this->sandbox->requests()[0]['request_id'];
        $this->assertSentence($answer, 'The product is not valid', 'invalid_product', 'HTTP 400', "request id $id");
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['issue failed'], $this->journal());
        $this->assertSame([], $this->rows());
    }
}
