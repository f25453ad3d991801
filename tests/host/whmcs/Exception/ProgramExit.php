<?php

// Thrown where WHMCS ends the page.

declare(strict_types=1);

namespace WHMCS\Exception;

class ProgramExit extends \RuntimeException
{
}
