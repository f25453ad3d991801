<?php

// WHMCS reads this file for the language of the admin. The pages of staff are in English.

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

$_ADDONLANG['title'] = 'Provisioning';
