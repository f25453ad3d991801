<?php

// What a module adds to the client's pages: product page, custom functions, sign-on and actions.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Module\Server\CustomAction;
use WHMCS\Service\Addon;
use WHMCS\Service\Service;

trait ClientPages
{
    /**
     * @param array<string, mixed> $query
     * @param array<string, mixed> $post
     * @return string what the module puts into the product page of who is logged in as a client, else of the service's
     */
    public function clientArea(Service|Addon $model, array $query = [], array $post = []): string
    {
        $before = $_SESSION;
        $_SESSION = isset($before['uid']) ? $before : ['uid' => (int) $model->userid];
        try {
            return Request::run($query + self::productPage($model), $post, fn (): string => $this->clientAreaOutput($model));
        } finally {
            $_SESSION = $before;
        }
    }

    /** The same in whatever request is running. */
    public function clientAreaOutput(Service|Addon $model): string
    {
        $params = $this->paramsFor($model);
        $answer = $this->has('ClientArea')
            ? $this->call('ClientArea', $params)
            : (is_file("$this->folder/clientarea.tpl") ? ['templatefile' => 'clientarea'] : '');
        if (!is_array($answer)) {
            return (string) $answer;
        }
        $template = $answer['tabOverviewReplacementTemplate'] ?? $answer['tabOverviewModuleOutputTemplate']
            ?? $answer['templatefile'] ?? null;
        $vars = $answer['templateVariables'] ?? $answer['vars'] ?? [];

        return $template === null ? '' : Template::render($this->folder, $template, $vars + $params);
    }

    /**
     * A custom function a client asks for. One that is in neither list just reloads the page.
     *
     * @param array<string, mixed> $post
     * @return string the alert above the product page, unescaped as the stock themes print it, or the module's own page
     */
    public function clientCustom(Service|Addon $model, string $suffix, array $post = []): string
    {
        $query = ['modop' => 'custom', 'a' => $suffix] + self::productPage($model);

        return Request::run($query, $post, fn (): string => $this->clientCustomOutput($model, $suffix));
    }

    /** The same in whatever request is running. */
    public function clientCustomOutput(Service|Addon $model, string $suffix): string
    {
        $params = $this->paramsFor($model);
        $allowed = [...array_values($this->clientButtons($model)), ...$this->clientAllowedFunctions($params)];
        if (!in_array($suffix, $allowed, true)) {
            return '';
        }
        $answer = $this->has($suffix) ? $this->call($suffix, $params) : null;
        Strict::check("{$this->name}_$suffix", 'clientCommand', $answer);
        if (is_array($answer) && isset($answer['templatefile'])) {
            return Template::render($this->folder, $answer['templatefile'], ($answer['vars'] ?? []) + $params);
        }

        return $answer === 'success'
            ? '<div class="alert alert-success">Module Command Successful</div>'
            : '<div class="alert alert-danger">' . self::shown($answer) . '</div>';
    }

    /** @return array<string, string> label ⇒ function suffix */
    public function clientButtons(Service|Addon $model): array
    {
        return $this->has('ClientAreaCustomButtonArray')
            ? (array) $this->call('ClientAreaCustomButtonArray', $this->paramsFor($model))
            : [];
    }

    /** @return list<CustomAction> the actions that are offered on the client's home page */
    public function customActions(Service|Addon $model): array
    {
        if (!$this->has('CustomActions')) {
            return [];
        }
        $actions = $this->call('CustomActions', $this->paramsFor($model));

        return array_values($actions->filter(static fn (CustomAction $action): bool => $action->isActive())->all());
    }

    /** A click on an action: found again by its identifier. */
    public function runCustomAction(Service|Addon $model, string $identifier): mixed
    {
        foreach ($this->customActions($model) as $action) {
            if ($action->getIdentifier() === $identifier) {
                $name = "The action $identifier of $this->name";

                return Strict::run($name, 'signOn', static fn (): mixed => $action->invokeCallable());
            }
        }
        throw new \OutOfBoundsException("The module offers no action \"$identifier\".");
    }

    /**
     * @param array<string, mixed> $params
     * @return list<string>
     */
    private function clientAllowedFunctions(array $params): array
    {
        return $this->has('ClientAreaAllowedFunctions')
            ? array_values((array) $this->call('ClientAreaAllowedFunctions', $params))
            : [];
    }

    /** @return array<string, string> */
    private static function productPage(Service|Addon $model): array
    {
        $serviceId = $model instanceof Service ? $model->id : $model->hostingid;

        return ['action' => 'productdetails', 'id' => (string) $serviceId];
    }
}
