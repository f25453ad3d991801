<?php

declare(strict_types=1);

// jetpack_AdminCustomButtonArray: buttons as the state of the service allows. No request.

namespace Tests\Jetpack;

use Tests\Support\JetpackTestCase;

final class AdminCustomButtonArrayTest extends JetpackTestCase
{
    private const WITH_LICENSE = [
        'Check at Jetpack' => 'CheckLicense',
        'Attach to site' => 'AttachToSite',
        'Detach from site' => 'DetachFromSite',
    ];
    private const LOST_ANSWER = ['Not issued: try again' => 'IssueAgain'];
    private const ALWAYS = ['Reconcile' => 'Reconcile'];

    public function test_a_service_without_license_has_one(): void
    {
        $this->assertSame(self::ALWAYS, $this->module->adminButtons($this->service()));

        $this->assertSame([], $this->sandbox->requestLines());
    }

    public function test_a_service_with_its_license_has_four(): void
    {
        $service = $this->service();
        $this->issued($service);

        $this->assertSame(self::WITH_LICENSE + self::ALWAYS, $this->module->adminButtons($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_after_terminate_there_is_that_one(): void
    {
        $service = $this->service();
        $this->issued($service);
        $this->module->terminate($service);

        $this->assertSame(self::ALWAYS, $this->module->adminButtons($service));

        $this->assertSame(['POST /license', 'DELETE /license'], $this->sandbox->requestLines());
    }

    public function test_after_a_lost_answer_there_is_the_one_that_decides(): void
    {
        $service = $this->service();
        $this->faultOn('POST', '/license', ['fault' => 'drop']);
        $this->module->create($service);

        $this->assertSame(self::LOST_ANSWER + self::ALWAYS, $this->module->adminButtons($service));

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_with_a_license_and_a_lost_answer_there_are_all(): void
    {
        $service = $this->service(['qty' => 2]);
        $this->sandbox->fault(['fault' => 'delay', 'ms' => 0], ['fault' => 'drop']);
        $this->module->create($service);

        $this->assertSame(self::WITH_LICENSE + self::LOST_ANSWER + self::ALWAYS, $this->module->adminButtons($service));

        $this->assertSame(['POST /license', 'POST /license'], $this->sandbox->requestLines());
    }

    public function test_of_a_parent_and_its_addon_each_has_its_own(): void
    {
        $service = $this->service();
        $addon = $this->addon();
        $this->issued($addon);

        $this->assertSame([self::ALWAYS, self::WITH_LICENSE + self::ALWAYS], [$this->module->adminButtons($service), $this->module->adminButtons($addon)]);

        $this->assertSame(['POST /license'], $this->sandbox->requestLines());
    }

    public function test_each_button_has_its_function(): void
    {
        foreach (self::WITH_LICENSE + self::LOST_ANSWER + self::ALWAYS as $function) {
            $this->assertTrue($this->module->has($function), $function);
        }
    }

    public function test_parameters_that_are_no_services_answer_nothing(): void
    {
        $this->assertSame([], $this->module->call('AdminCustomButtonArray', ['module' => 'jetpack']));

        $this->assertSame([], $this->sandbox->requestLines());
    }
}
