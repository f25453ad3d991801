<?php

declare(strict_types=1);

// Whether Jetpack has a list of licenses for the token, and who uses the token.

namespace Tests\Reliability;

enum TokenList: string
{
    case None = 'no list of licenses';
    case Alone = 'a list, and nobody else uses the token';
    case Shared = 'a list, and another WHMCS uses the token';
}
