<?php

declare(strict_types=1);

// The addon module beside both server modules: staff's pages, read as HTML.

namespace Tests\Support;

use DOMDocument;
use DOMElement;
use DOMXPath;
use Tests\Host\Host;
use Tests\Host\Module;

abstract class AdminTestCase extends WorldTestCase
{
    protected const MODULE = 'jetpack';
    protected const ADDON = 'whmcs_provisioning';
    protected const SECRETS = [JetpackSandbox::TOKEN, CometSandbox::PASSWORD];

    protected Module $addon;
    protected Module $comet;
    protected JetpackSandbox $jetpackApi;
    protected CometSandbox $cometServer;

    protected function prepareWorld(): void
    {
        $this->jetpackApi = JetpackSandbox::fromEnvironment();
        $this->jetpackApi->reset();
        $this->cometServer = CometSandbox::fromEnvironment();
        $this->cometServer->reset(['version' => '25.9.8', 'templates' => ['tmpl-1' => 'Local storage']]);
        $root = (string) realpath(static::ROOT);
        $this->comet = new Module('servers', 'cometbackup', $root);
        $this->addon = new Module('addons', self::ADDON, $root);
        Host::addClient(['id' => 10]);
        Host::addServer([
            'id' => 1, 'type' => 'cometbackup', 'hostname' => '127.0.0.1', 'port' => $this->cometServer->port(), 'secure' => '',
            'username' => CometSandbox::ADMIN, 'password' => CometSandbox::PASSWORD,
        ]);
        Host::addProduct(['id' => 1, 'servertype' => 'jetpack', 'configoption1' => JetpackSandbox::TOKEN,
            'configoption2' => 'jetpack-complete', 'configoption4' => 'keep']);
        Host::addProduct(['id' => 20, 'servertype' => 'cometbackup']);
    }

    /** The page, which is whole, and holds no secret. @param array<string, mixed> $query @param array<string, mixed> $post */
    protected function page(string $page, array $query = [], array $post = []): string
    {
        $html = $this->addon->addonOutput(['page' => $page] + $query, $post);
        $this->assertStringStartsWith('<div class="provisioning-admin">', $html);
        $this->assertStringEndsWith('</div>', $html);
        foreach (static::SECRETS as $secret) {
            $this->assertStringNotContainsString($secret, $html);
        }

        return $html;
    }

    /** Presses a button of a page as a browser does: with the fields of its form. @param array<string, string> $more */
    protected function press(string $page, string $label, array $more = [], array $query = []): string
    {
        $html = $this->page($page, $query);

        return $this->page($page, $query, $this->fieldsOf($html, $label, $more) + $more);
    }

    /** Fills in a form, and presses its button. @param array<string, string> $typed @param array<string, mixed> $query */
    protected function fillIn(string $page, string $label, array $typed, array $query = []): string
    {
        return $this->page($page, $query, $typed + $this->fieldsOf($this->page($page, $query), $label));
    }

    /** The fields of the form that has a button of this text. @param array<string, string> $with values that its fields have @return array<string, string> */
    protected function fieldsOf(string $html, string $label, array $with = []): array
    {
        $document = self::document($html);
        foreach ((new DOMXPath($document))->query('//form[@method="post"]') as $form) {
            $fields = [];
            foreach ((new DOMXPath($document))->query('.//input', $form) as $input) {
                /** @var DOMElement $input */
                if ($input->getAttribute('type') !== 'checkbox') {
                    $fields[$input->getAttribute('name')] = $input->getAttribute('value');
                }
            }
            $buttons = (new DOMXPath($document))->query('.//button', $form);
            $texts = array_map(fn ($button) => rtrim(trim($button->textContent), '…'), iterator_to_array($buttons));
            if (in_array($label, $texts, true) && array_intersect_key($with, $fields) === array_intersect_assoc($with, $fields)) {
                return $fields;
            }
        }
        $this->fail("The page has no button $label: " . self::textOf($html));
    }

    /** Texts of the buttons that change something. @return list<string> */
    protected static function buttons(string $html): array
    {
        $found = (new DOMXPath(self::document($html)))->query('//form[@method="post"]//button');

        return array_map(fn ($button) => rtrim(trim($button->textContent), '…'), iterator_to_array($found));
    }

    /** What a reader sees. */
    protected static function textOf(string $html): string
    {
        return trim((string) preg_replace('/\s+/u', ' ', html_entity_decode(strip_tags(str_replace('<', ' <', $html)), ENT_QUOTES)));
    }

    protected static function document(string $html): DOMDocument
    {
        $document = new DOMDocument();
        @$document->loadHTML('<?xml encoding="UTF-8">' . $html);

        return $document;
    }

    /** No page asks a remote API. */
    protected function assertNothingWasAsked(): void
    {
        $this->assertSame([], $this->jetpackApi->requestLines());
        $this->assertSame([], $this->cometServer->requests());
    }
}
