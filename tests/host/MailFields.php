<?php

// The merge fields that WHMCS itself gives to a mail about a product.

declare(strict_types=1);

namespace Tests\Host;

use WHMCS\Database\Capsule;

final class MailFields
{
    /** @return array<string, string> */
    public static function ofService(object $service): array
    {
        $client = Capsule::table('tblclients')->find($service->userid);
        $fields = [
            'client_name' => trim(($client->firstname ?? '') . ' ' . ($client->lastname ?? '')),
            'client_email' => (string) ($client->email ?? ''),
            'service_id' => (string) $service->id,
            'service_product_name' => (string) Capsule::table('tblproducts')->where('id', $service->packageid)->value('name'),
            'service_domain' => (string) $service->domain,
            'service_username' => (string) $service->username,
            'service_password' => decrypt($service->password),
            'service_status' => (string) $service->domainstatus,
        ];
        $given = Capsule::table('tblcustomfields as field')->join('tblcustomfieldsvalues as given', 'given.fieldid', '=', 'field.id')
            ->where(['field.type' => 'product', 'field.relid' => $service->packageid, 'given.relid' => $service->id])
            ->get(['field.fieldname', 'given.value']);
        foreach ($given as $field) {
            $name = strtolower((string) preg_replace('/\W+/', '', explode('|', $field->fieldname)[0]));
            $fields["service_custom_field_$name"] = (string) $field->value;
        }

        return $fields;
    }
}
