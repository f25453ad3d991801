<?php

declare(strict_types=1);

// The answer to COMMIT is lost: the license is stored and the extension cannot know it. It must not be taken back.

namespace Tests\Jetpack;

use Tests\Support\DatabaseProxy;
use Tests\Support\JetpackTestCase;

/** @group slow */
final class LostCommitTest extends JetpackTestCase
{
    public function test_a_license_whose_commit_was_not_confirmed_is_stored_once_and_kept(): void
    {
        $this->createTables();
        $service = $this->service();
        $proxy = DatabaseProxy::start(DatabaseProxy::ONCE);

        $answer = $this->answerOf($this->apart('$module->create($service)', $proxy->ini()));

        $this->assertSame(['success', ['lost']], [$answer, $proxy->deeds()]);
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->rows());
        $this->assertSame(['issue done'], $this->journal());
        $this->assertSame($this->rows()[0]['license_key'], $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }

    /** A second row of the license would be surplus, and the license revoked for it. */
    public function test_change_package_afterwards_revokes_nothing(): void
    {
        $this->createTables();
        $service = $this->service();
        $proxy = DatabaseProxy::start(DatabaseProxy::ONCE);
        $this->answerOf($this->apart('$module->create($service)', $proxy->ini()));

        $this->assertSame('success', $this->module->changePackage($service));

        $this->assertSame(['lost'], $proxy->deeds());
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->activeRows());
        $this->assertStringContainsString($this->rows()[0]['license_key'], $this->module->clientArea($service));
        $this->assertEveryLicenseIsKnown();
    }

    public function test_with_the_database_gone_for_good_nothing_is_revoked_and_the_key_is_kept(): void
    {
        $this->sandbox->reset(['keys' => ['jetpack-complete_KEY1']]);
        $this->createTables();
        $service = $this->service();
        $proxy = DatabaseProxy::start(DatabaseProxy::GONE);

        $answer = $this->answerOf($this->apart('$module->create($service)', $proxy->ini()));

        $this->assertSentence($answer, '…KEY1', 'it is not certain that it was stored', 'the next command or the daily cron stores it');
        $this->assertSame('lost', $proxy->deeds()[0]);
        $this->assertContains('refused', $proxy->deeds());
        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertCount(1, $this->sandbox->activeLicenses());

        $this->assertSame('success', $this->module->create($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
        $this->assertSame(['jetpack-complete_KEY1'], array_column($this->rows(), 'license_key'));
        $this->assertSame(['issue done'], $this->journal());
        $this->assertSame('jetpack-complete_KEY1', $this->keptKey($service));
        $this->assertEveryLicenseIsKnown();
    }
}
