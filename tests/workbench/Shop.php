<?php

declare(strict_types=1);

// cart.php: the products, the order form of one, and the order, paid at once or later.

namespace Tests\Workbench;

use Tests\Host\Hooks;
use WHMCS\Database\Capsule;
use WHMCS\Service\Service;

final class Shop
{
    public static function show(): Screen
    {
        if (Visitor::clientId() === 0) {
            return Screen::go('/login.php?goto=' . rawurlencode((string) $_SERVER['REQUEST_URI']));
        }

        return match (Input::text('a')) {
            'add' => self::orderForm(),
            'checkout' => self::checkout(),
            'pay' => self::pay(),
            default => self::products(),
        };
    }

    private static function products(): Screen
    {
        $rows = Capsule::table('tblproducts')->where(['hidden' => 0, 'retired' => 0])->orderBy('order')->orderBy('id')->get()
            ->map(static fn (object $product): array => [
                Html::text($product->name),
                Html::text($product->description),
                self::price('product', (int) $product->id),
                Html::link("/cart.php?a=add&pid=$product->id", 'Order Now'),
            ])->all();

        return Screen::client('Shop', Html::table(['Product', '', 'Monthly', ''], $rows));
    }

    private static function orderForm(): Screen
    {
        $product = Capsule::table('tblproducts')->where(['hidden' => 0, 'retired' => 0])->find(Input::id('pid'));
        if ($product === null) {
            return Screen::go('/cart.php');
        }
        $errors = [];
        if (Router::isPosted()) {
            $order = new Order((int) $product->id, $_POST);
            $errors = $order->errors();
            // The request's values, as the cart has them.
            foreach (Hooks::run('ShoppingCartValidateProductUpdate', $_REQUEST) as $answer) {
                $errors = [...$errors, ...array_values((array) $answer)];
            }
            if ($errors === []) {
                $_SESSION['workbench_cart'] = ['pid' => (int) $product->id, 'post' => $_POST];

                return Screen::go('/cart.php?a=checkout');
            }
        }

        return Screen::client('Configure: ' . $product->name, self::errors($errors) . OrderForm::html($product));
    }

    private static function checkout(): Screen
    {
        $cart = $_SESSION['workbench_cart'] ?? null;
        if ($cart === null) {
            return Screen::go('/cart.php');
        }
        $errors = [];
        if (Router::isPosted('payment')) {
            foreach (Hooks::run('ShoppingCartValidateCheckout', $_REQUEST) as $answer) {
                $errors = [...$errors, ...array_values((array) $answer)];
            }
            if ($errors === []) {
                unset($_SESSION['workbench_cart']);
                $service = (new Order($cart['pid'], $cart['post']))->place(Visitor::clientId());

                return self::placed($service, Input::text('payment') === 'now');
            }
        }
        $name = (string) Capsule::table('tblproducts')->where('id', $cart['pid'])->value('name');
        $form = Html::form('/cart.php?a=checkout', [], '<p>' . Html::button('Complete Order and pay', 'payment', 'now', 'primary')
            . Html::button('Complete Order, pay later', 'payment', 'later') . '</p>');

        return Screen::client('Checkout', self::errors($errors) . '<p>' . Html::text($name) . "</p>$form");
    }

    /** A click on Pay in the list of services. */
    private static function pay(): Screen
    {
        $service = Service::find(Input::id('id'));
        if (!Router::isPosted() || $service === null || (int) $service->userid !== Visitor::clientId()) {
            return Screen::go('/clientarea.php?action=services');
        }

        return self::placed($service, true);
    }

    /** The module's Create runs in the customer's own request. What it answers is for staff. */
    private static function placed(Service $service, bool $isPaid): Screen
    {
        $setup = (string) $service->product?->autosetup;
        if ($setup === 'order' || ($setup === 'payment' && $isPaid)) {
            foreach ([$service, ...$service->addons] as $model) {
                $module = Input::moduleOf($model);
                if ($module !== null) {
                    Commands::create($module, $model);
                }
            }
        }
        $link = Html::link(ClientProduct::address($service), 'To your service');

        return Screen::client('Order Confirmation', Html::alert('success', 'Thank you. ' . ($isPaid ? 'Your payment has arrived.' : '')) . "<p>$link</p>");
    }

    /** @param list<mixed> $errors */
    public static function errors(array $errors): string
    {
        // The stock order forms print the texts of hooks unescaped.
        $items = implode('', array_map(static fn (mixed $one): string => "<li>$one</li>", $errors));

        return $items === '' ? '' : Html::alert('danger', "<p>Please correct the following errors before continuing:</p><ul>$items</ul>");
    }

    public static function price(string $type, int $id): string
    {
        $price = Capsule::table('tblpricing')->where(['type' => $type, 'relid' => $id, 'currency' => 1])->value('monthly');

        return Html::text($price === null || (float) $price < 0 ? '' : formatCurrency($price));
    }
}
