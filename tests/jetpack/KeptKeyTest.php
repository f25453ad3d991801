<?php

declare(strict_types=1);

// The custom field for e-mail templates, where another command ends the license while this one asks Jetpack.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;
use WHMCS\Database\Capsule;

/** @group slow */
final class KeptKeyTest extends JetpackTestCase
{
    /** @dataProvider questions */
    public function test_a_key_that_was_revoked_during_a_check_does_not_come_back(string $question): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->faultOn('GET', '/license', ['fault' => 'delay', 'ms' => 800, 'when' => 'after', 'times' => 1]);
        $asking = $this->apart($question);
        $this->waitFor(fn () => count($this->sandbox->requests()) === 2);

        $this->assertSame('success', $this->module->terminate($service));
        $this->assertSame('success', $this->module->create($service));
        $key = $this->keptKey($service);

        $this->assertSame('success', $this->answerOf($asking));
        $this->assertSame($key, $this->keptKey($service));
    }

    /** @return array<string, array{string}> */
    public static function questions(): array
    {
        return ['check' => ['$module->custom($service, "CheckLicense")'], 'renew' => ['$module->renew($service)']];
    }

    public function test_a_key_that_was_revoked_while_another_was_issued_does_not_come_back(): void
    {
        $service = $this->service(['qty' => 1]);
        $this->sandbox->revokeBehindOurBack($this->issued($service));
        Capsule::table('tblhosting')->update(['qty' => 2]);
        $this->faultOn('POST', '/license', ['fault' => 'delay', 'ms' => 800, 'when' => 'after', 'times' => 1]);
        $create = $this->apart('$module->create($service)');
        $this->waitFor(fn () => count($this->sandbox->requests()) === 2);

        $this->assertSentence($this->module->custom($service, 'CheckLicense'), 'revoked at Jetpack');

        $this->assertSentence($this->answerOf($create), 'Another command revoked a license');
        [$active] = $this->activeRows();
        $this->assertSame($active['license_key'], $this->keptKey($service));
    }

    public function test_a_termination_beside_a_create_that_attaches_comes_after_it(): void
    {
        Capsule::table('tblproducts')->update(['configoption5' => 'on']);
        $service = $this->service();
        $this->createTables();
        $bed = getenv('TEST_DIR') . '/attach';
        // After the lock and the license.
        $third = "echo >>$bed.passed; [ \$(wc -l <$bed.passed) -gt 2 ] || exit 0";
        file_put_contents("$bed.sh", "#!/bin/sh\n$third\ntouch $bed.there\nwhile [ ! -e $bed.go ]; do sleep 0.02; done\n");
        chmod("$bed.sh", 0755);
        $stop = 'STOP_POINT=before INSERT mod_whmcs_provisioning_journal';
        $create = $this->apart('$module->create($service)', [], ['env', $stop, "STOP_POINT_RUN=$bed.sh"]);
        $this->waitFor(fn () => is_file("$bed.there"));

        $terminate = $this->apart('$module->terminate($service)');
        touch("$bed.go");

        $this->assertSame(['success', 'success'], [$this->answerOf($create), $this->answerOf($terminate)]);
        $this->assertSame([], $this->activeRows());
        $this->assertSame('', $this->keptKey($service));
    }

    /** The daily run has no custom fields to write: the next check does. */
    public function test_a_license_that_the_daily_run_found_revoked_is_taken_away_by_the_next_check(): void
    {
        $service = $this->service();
        $this->sandbox->revokeBehindOurBack($this->issued($service));
        $this->module->call('Reconcile', []);

        $this->assertSentence($this->module->custom($service, 'CheckLicense'), 'was revoked at Jetpack');

        $this->assertSame('', $this->keptKey($service));
    }
}
