<?php

declare(strict_types=1);

// What a caller may pass by mistake or malice: name ⇒ arguments. None of it is a service with a token.

enum JunkCase: string
{
    case A = 'a';
}

/** Whatever is asked of it throws. */
class Thrower implements ArrayAccess, IteratorAggregate, Countable, JsonSerializable
{
    private int $id = 5;

    public function __construct(private string $class = Exception::class)
    {
    }

    private function refuse(): never
    {
        throw new $this->class('a getter that throws');
    }

    public function __get(string $name): mixed
    {
        $this->refuse();
    }

    public function __isset(string $name): bool
    {
        $this->refuse();
    }

    public function __toString(): string
    {
        $this->refuse();
    }

    public function __call(string $name, array $arguments): mixed
    {
        $this->refuse();
    }

    public function offsetExists(mixed $offset): bool
    {
        $this->refuse();
    }

    public function offsetGet(mixed $offset): mixed
    {
        $this->refuse();
    }

    public function offsetSet(mixed $offset, mixed $value): void
    {
        $this->refuse();
    }

    public function offsetUnset(mixed $offset): void
    {
        $this->refuse();
    }

    public function getIterator(): Iterator
    {
        $this->refuse();
    }

    public function count(): int
    {
        $this->refuse();
    }

    public function jsonSerialize(): mixed
    {
        $this->refuse();
    }
}

/** Has every property, each with this value; only its getter throws, where one is given. */
class HasAll
{
    public function __construct(private mixed $value, private ?string $class = null)
    {
    }

    public function __isset(string $name): bool
    {
        return true;
    }

    public function __get(string $name): mixed
    {
        return $this->class === null ? $this->value : throw new $this->class('a getter that throws');
    }
}

class Uninitialised
{
    public int $id;
    public readonly string $orderid;
    protected int $qty = 3;
}

/** @return array<string, mixed> junk of every type */
function junkValues(): array
{
    $deep = 'bottom';
    for ($level = 0; $level < 100; $level++) {
        $deep = [$deep, 'more' => $deep === 'bottom' ? 1 : 2];
    }
    $itself = ['name' => 1];
    $itself['again'] = &$itself;
    $closed = fopen('php://memory', 'r');
    fclose($closed);

    return [
        'null' => null, 'true' => true, 'false' => false,
        'zero' => 0, 'one' => 1, 'minus one' => -1, 'largest' => PHP_INT_MAX, 'smallest' => PHP_INT_MIN,
        'float' => 1.5, 'NAN' => NAN, 'INF' => INF, '-INF' => -INF, 'huge float' => 1e300,
        'empty' => '', 'text' => 'junk', 'number as text' => '12', 'HTML' => '<b onclick="x()">&amp;</b>',
        'NUL' => "a\0b", 'newline' => "a\r\nX-Header: b", 'not UTF-8' => "\xff\xfe\x80",
        'long' => str_repeat('long ', 50000),
        'class name' => 'WHMCS\Service\Service', 'format' => '%s%n%d', 'cut UTF-8' => "ab\xc3",
        'no entries' => [], 'list' => [1, 'two', null], 'deep' => $deep, 'itself' => $itself,
        'keys not UTF-8' => ["\xff" => "\xfe", "configoption1\xff" => "\x80", "\xc3" => ["\xff" => 1]],
        'odd keys' => ['' => 1, ' ' => 2, -1 => 3, PHP_INT_MAX => 4, "a\0b" => 5, '05' => 6],
        'object' => new stdClass(), 'closure' => static fn () => 1, 'generator' => (static fn () => yield 1)(),
        'enum case' => JunkCase::A, 'resource' => STDERR, 'closed resource' => $closed,
        'thrower' => new Thrower(), 'thrower of Error' => new Thrower(Error::class), 'uninitialised' => new Uninitialised(),
        'getter that throws' => new HasAll(null, RuntimeException::class),
        'getter that throws Error' => new HasAll(null, TypeError::class),
        'getter of itself' => new HasAll($itself), 'getter of an object' => new HasAll(new Thrower()),
        'weak map' => new WeakMap(), 'exception' => new Exception("\xff"), 'array object' => new ArrayObject(['id' => 3]),
        'date' => new DateTime(), 'anonymous' => new class () {
            public $id = "\xff";
        },
    ];
}

/** @return iterable<string, list<mixed>> name ⇒ arguments */
function junk(): iterable
{
    $values = junkValues();
    yield 'nothing at all' => [];
    foreach ($values as $name => $value) {
        yield $name => [$value];
    }
    foreach (range(2, 10) as $count) {
        yield "$count arguments" => array_slice(array_values($values), $count, $count);
    }
    foreach ($values as $name => $value) {
        yield "model: $name" => [['model' => $value]];
        yield "service with model: $name" => [['serviceid' => 4711, 'addonId' => 0, 'model' => $value]];
        yield "addon with model: $name" => [['addonId' => 4711, 'model' => $value, 'pid' => 3], $value];
        yield "id: $name" => [['serviceid' => $value, 'addonId' => $value, 'pid' => $value, 'userid' => $value,
            'model' => new HasAll($value)]];
        // Text and numbers would do for a token, so they get what no token has. PHP 8.5 warns where NAN becomes text.
        $text = is_float($value) ? var_export($value, true) : $value;
        yield "settings: $name" => [['serviceid' => 4711, 'configoption1' => is_scalar($value) ? "$text\n\0" : $value,
            'configoption2' => $value, 'configoption4' => $value, 'configoption5' => $value, 'status' => $value,
            'domain' => $value, 'model' => new HasAll(4711)]];
        yield "details: $name" => [['clientsdetails' => $value, 'configoptions' => $value, 'customfields' => [$value]]];
        yield "many: $name" => [array_fill(0, 100, $value)];
    }
    $itself = ['serviceid' => 4711];
    $itself['model'] = &$itself;
    $itself['configoption1'] = &$itself;
    $itself['clientsdetails'] = &$itself;
    yield 'parameters that contain themselves' => [$itself];
    yield 'keys not UTF-8 beside a service' =>
        [["\xff" => 1, 'serviceid' => 4711, "model\xff" => 2, 'model' => new stdClass()]];
    yield 'an addon module' => [['modulelink' => 'index.php?m=jetpack', 'module' => 'jetpack', 'api_token' => 'tok_secret']];
    yield 'a server' => [['serverid' => 3, 'serverhostname' => 'h', 'serverpassword' => 'p', 'server' => true]];
}
