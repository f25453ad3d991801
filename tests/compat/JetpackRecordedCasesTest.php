<?php

declare(strict_types=1);

// Every recorded case of the PHP module, run here: the same end at Jetpack and in the tables, answers of like meaning.

namespace Tests\Compat;

use DOMDocument;
use DOMElement;
use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

final class JetpackRecordedCasesTest extends JetpackTestCase
{
    private const ISSUE = 'POST /license';
    private const REVOKE = 'DELETE /license';

    /**
     * Our requests for each call. Recorded were `POST /license/?product=…`, `DELETE /license/?license_key=…` and
     * `GET /product-families/`; ours have a JSON body, no slash at the end, and the partner's own list where a token
     * is stored.
     */
    private const REQUESTS = [
        'metadata' => [[]],
        'configoptions-table-present' => [[]],
        'configoptions-token-from-addon' => [[]],
        'createtable' => [[]],
        'loader-ok' => [['GET /partner/product-families']],
        'create-ok' => [[self::ISSUE]],
        'create-twice' => [[self::ISSUE], []],
        'create-after-terminate' => [[self::ISSUE], [self::REVOKE], [self::ISSUE]],
        'create-addon-only' => [[self::ISSUE]],
        'create-400-bad-product' => [[self::ISSUE]],
        'create-403-bad-token' => [[self::ISSUE]],
        'create-iso-date' => [[self::ISSUE]],
        'create-slow' => [[self::ISSUE]],
        'terminate-ok' => [[self::REVOKE]],
        'terminate-none' => [[]],
        'terminate-twice' => [[self::REVOKE], []],
        'tab-present' => [[]],
        'tab-none' => [[]],
        'tab-revoked' => [[]],
    ];

    /**
     * Where we answer otherwise on purpose: case ⇒ call ⇒ our answer and the reason. `ours` replaces the recorded
     * answer, `with` replaces entries of it, `without` are keys that are left out, `further` are keys that come on top, `labels` says how ours go on,
     * `choices` are the only ones and how they read.
     */
    private const ANSWERS = [
        'metadata' => [0 => [
            'with' => ['DisplayName' => 'Jetpack by Automattic'],
            'reason' => 'the note of the case: the display name is free',
        ]],
        'configoptions-table-present' => [0 => self::SETTINGS],
        'configoptions-token-from-addon' => [0 => self::SETTINGS],
        'createtable' => [0 => [
            'choices' => ['' => '/^Ready: 0 \w+/', 'on' => '/^Ready: 0 \w+/'],
            'reason' => 'the content is free; it is what products have stored, and says what the table holds',
        ]],
        'loader-ok' => [0 => [
            'labels' => '/^ \(USD [0-9.]+ per (month|day)\)$/',
            'without' => ['free', 'personal', 'premium', 'professional'],
            'reason' => 'the note of the case: prices in the labels are welcome; a partner may not issue these four',
        ]],
        'create-twice' => [1 => [
            'ours' => 'success',
            'reason' => 'a repeated Create (gateway, Retry of the queue) finds its work done; the note allows it',
        ]],
        'terminate-twice' => [1 => [
            'ours' => 'success',
            'reason' => 'a repeated Terminate finds its work done; the note allows it',
        ]],
        'tab-present' => [0 => [
            'further' => ['Compared', 'Jetpack Product', 'Issued', 'State at Jetpack'],
            'reason' => 'the tab tells more of the license',
        ]],
        'tab-none' => [0 => [
            'further' => ['Compared'],
            'reason' => 'the tab shows what is sold beside what there is',
        ]],
        'tab-revoked' => [0 => [
            'further' => ['Compared', 'State at Jetpack'],
            'reason' => 'the tab tells when the license was revoked',
        ]],
    ];

    private const SETTINGS = [
        'with' => ['API Token' => ['Type' => 'password']],
        'further' => ['Licensing Table', 'On suspension', "Attach to the service's domain"],
        'reason' => 'type password is just as good for the token (note); new settings come after these two',
    ];

    /** Beside the license table: the key is a service property, for e-mail templates, and leaves with the license. */
    private const PROPERTY_TABLES = ['tblcustomfields', 'tblcustomfieldsvalues'];

    /** @return iterable<string, array{JetpackRecordedCase}> */
    public static function cases(): iterable
    {
        foreach (JetpackRecordedCase::all() as $name => $case) {
            yield $name => [$case];
        }
    }

    /** @dataProvider cases */
    public function test_a_recorded_case_ends_as_recorded(JetpackRecordedCase $case): void
    {
        $case->prepareSandbox($this->sandbox);
        $case->prepareRows(fn () => $this->createTableOfThePhpModule());
        $expectedRequests = [];
        foreach ($case->calls() as $number => $call) {
            $where = "{$case->name()}, call $number";
            $before = JetpackRecordedCase::databaseNow();

            $answer = $this->answerTo($case, $call);

            $this->assertAnswer($answer, $call, self::ANSWERS[$case->name()][$number] ?? [], $where);
            $this->assertRows($call['rows new or changed'] ?? [], $before, $where);
            $this->assertTablesMade($call['tables made'] ?? [], $before, $where);
            $this->assertSameMeaning($call['requests'], count($expectedRequests), $where);
            array_push($expectedRequests, ...self::REQUESTS[$case->name()][$number]);
            $this->assertSame($expectedRequests, $this->sandbox->requestLines(), $where);
        }
        $this->assertLicensesAtJetpack($case->licensesAtTheEnd(), $case->name());
    }

    public function test_the_tables_of_this_test_name_the_recorded_cases_and_no_others(): void
    {
        $names = array_keys(JetpackRecordedCase::all());
        $this->assertCount(19, $names);
        $this->assertSame($names, array_keys(self::REQUESTS));
        $this->assertSame([], array_diff(array_keys(self::ANSWERS), $names));
        foreach (JetpackRecordedCase::all() as $name => $case) {
            $this->assertCount(count($case->calls()), self::REQUESTS[$name], $name);
        }
    }

    public function test_our_table_is_the_recorded_one_with_times_that_do_not_shift_and_nullable_columns_behind(): void
    {
        $recorded = JetpackRecordedCase::all()['createtable']->table();
        $this->module->call('CreateLicensesTable');

        $columns = Capsule::connection()->select('SHOW COLUMNS FROM jetpack_product_licenses');
        foreach ($recorded['columns'] as $position => [$name, $type, $nullable, , $extra]) {
            $ours = $columns[$position];
            // A TIMESTAMP follows the session's time zone, and the first one got an ON UPDATE on many servers.
            $type = $type === 'timestamp' ? 'datetime' : $type;
            // MySQL names no width of whole numbers.
            $types = array_map(static fn (string $one): string => (string) preg_replace('/int\(\d+\)/', 'int', $one), [$type, $ours->Type]);
            $this->assertSame([$name, $types[0], $nullable, $extra], [$ours->Field, $types[1], $ours->Null, $ours->Extra]);
        }
        $further = array_slice($columns, count($recorded['columns']));
        $this->assertNotEmpty($further);
        $this->assertSame(['YES'], array_values(array_unique(array_column($further, 'Null'))));
        $indexes = [];
        foreach (Capsule::connection()->select('SHOW INDEX FROM jetpack_product_licenses') as $row) {
            $indexes[] = [$row->Key_name, (string) $row->Non_unique, $row->Column_name];
        }
        foreach ($recorded['indexes'] as $index) {
            $this->assertContains($index, $indexes);
        }
        // Of ours none is unique: the PHP module may write what it likes.
        $this->assertSame(['PRIMARY'], array_values(array_unique(array_column(
            array_filter($indexes, fn (array $index) => $index[1] === '0'),
            0
        ))));
    }

    private function answerTo(JetpackRecordedCase $case, array $call): mixed
    {
        $function = substr($call['function'], strlen('jetpack_'));
        $model = $case->model($call);
        if ($model === null) {
            return $this->module->call($function, ['whmcsVersion' => '8.13.1-release.1']);
        }

        return $this->module->call($function, $this->module->paramsFor($model, ['model' => $model] + $call['params']));
    }

    private function assertAnswer(mixed $answer, array $call, array $deviation, string $where): void
    {
        $recorded = $call['returns'];
        if (isset($deviation['ours'])) {
            $this->assertNotSame($recorded, $deviation['ours'], "$where is no deviation");
            $this->assertSame($deviation['ours'], $answer, $where);
        } elseif (isset($deviation['choices'])) {
            $this->assertSame(array_keys($deviation['choices']), array_keys($answer), $where);
            $this->assertMatchesRegularExpression(current($deviation['choices']), current($answer), $where);
        } elseif (isset($recorded['begins with'])) {
            $this->assertSentence($answer);
            $this->assertStringStartsWith($recorded['begins with'], $answer, $where);
        } elseif (isset($recorded['message'])) {
            $this->assertSame($recorded['message'], $answer, $where);
        } elseif (is_array($recorded)) {
            $this->assertArray($answer, $recorded, $deviation, $where);
        } else {
            $this->assertSame($recorded, $answer, $where);
        }
    }

    private function assertArray(array $answer, array $recorded, array $deviation, string $where): void
    {
        $recorded = array_diff_key($recorded, array_flip($deviation['without'] ?? []));
        $names = array_merge(array_keys($recorded), $deviation['further'] ?? []);
        $this->assertSame($names, array_keys($answer), $where);
        foreach ($recorded as $name => $expected) {
            $ours = $answer[$name];
            if (isset($expected['html field'])) {
                $this->assertField($expected['html field'], $expected['shows'], $ours, $where);
            } elseif (isset($deviation['labels'])) {
                $this->assertStringStartsWith($expected, $ours, $where);
                $this->assertMatchesRegularExpression($deviation['labels'], substr($ours, strlen($expected)), $where);
            } elseif (is_array($expected)) {
                $expected = ($deviation['with'][$name] ?? []) + $expected;
                unset($ours['Description']);
                ksort($expected);
                ksort($ours);
                $this->assertSame($expected, $ours, "$where: $name");
            } else {
                $this->assertSame($deviation['with'][$name] ?? $expected, $ours, "$where: $name");
            }
        }
    }

    private function assertField(string $name, string $shown, string $html, string $where): void
    {
        $document = new DOMDocument();
        $document->loadHTML('<meta charset="utf-8">' . $html);
        $inputs = iterator_to_array($document->getElementsByTagName('input'));
        $this->assertCount(1, $inputs, $where);
        [$input] = $inputs;
        assert($input instanceof DOMElement);
        $this->assertSame([$name, $shown], [$input->getAttribute('name'), $input->getAttribute('value')], $where);
    }

    private function assertRows(array $recorded, array $before, string $where): void
    {
        $changes = JetpackRecordedCase::changes($before, JetpackRecordedCase::databaseNow());
        $property = array_intersect_key($changes, array_flip(self::PROPERTY_TABLES));
        $changes = array_diff_key($changes, $property);
        $this->assertEquals($recorded, $changes, $where);
        $active = array_column($this->activeRows(), 'license_key');
        foreach ($property['tblcustomfields'] ?? [] as $field) {
            $this->assertSame('Jetpack License Key', $field['fieldname'], $where);
        }
        foreach ($property['tblcustomfieldsvalues'] ?? [] as $value) {
            $this->assertSame(implode(', ', $active), $value['value'], $where);
        }
    }

    /** Each recorded change was asked for here too, with the same token, and answered alike; nothing where nothing was. */
    private function assertSameMeaning(array $recorded, int $from, string $where): void
    {
        $ours = array_slice($this->sandbox->requests(), $from);
        $this->assertSame(array_column($recorded, 'method'), array_column($ours, 'method'), $where);
        foreach ($recorded as $number => $request) {
            $this->assertSame($request['answer']['status'], $ours[$number]['status'], $where);
            if ($request['method'] !== 'GET') {
                $asked = (json_decode($ours[$number]['body'], true) ?? []) + $ours[$number]['query'];
                $this->assertSame($request['query'], $asked, $where);
                $this->assertSame($request['authorization'], $ours[$number]['headers']['authorization'], $where);
            }
        }
    }

    private function assertTablesMade(array $recorded, array $before, string $where): void
    {
        $made = array_keys(array_diff_key(JetpackRecordedCase::databaseNow(), $before));
        $this->assertSame($recorded, $made, $where);
    }

    private function assertLicensesAtJetpack(array $recorded, string $where): void
    {
        $fields = array_flip(['issued_at', 'license_id', 'license_key', 'revoked_at']);
        $licenses = array_map(
            fn (array $license) => array_intersect_key($license, $fields),
            $this->sandbox->licenses()
        );
        $this->assertEquals($recorded, $licenses, $where);
    }
}
