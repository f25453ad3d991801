<?php

// A widget of the admin's dashboard.

declare(strict_types=1);

namespace WHMCS\Module;

abstract class AbstractWidget
{
    protected $title;
    protected $description;
    protected $weight = 100;
    protected $columns = 1;
    protected $cache = false;
    protected $cacheExpiry = 3600;
    protected $requiredPermission = '';

    abstract public function getData();

    abstract public function generateOutput($data);

    public function getTitle()
    {
        return $this->title;
    }

    public function getColumnSize()
    {
        return $this->columns;
    }

    public function getRequiredPermission()
    {
        return $this->requiredPermission;
    }
}
