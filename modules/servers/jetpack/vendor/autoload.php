<?php

/**
 * There is nothing to load: the companion addon module of Jetpack (modules/addons/jetpack) takes this file as the sign that a
 * provisioning module is installed.
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

return true;
