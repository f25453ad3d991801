{*
    The customer's page of a Comet Backup account, inside the product page of WHMCS.

    A host may override it: put a changed copy of this file into the own theme, at
    templates/<theme>/modules/servers/cometbackup/clientarea.tpl. Updates of the module leave that copy alone.

    Variables:
      $accountState      active | suspended | preparing | ended | unavailable
      $stateMessage      one sentence or two about it; empty when active
      $suspended         true when the service or the account is suspended
      $errors            list of sentences: what of this page could not be read
      $productName       what the host calls the product in Comet's branding, else "Comet Backup"
      $known             whether the account could be read; if not, there are no quotas and devices
      $Username          name of the account, to log in with
      $accountName       its descriptive name, may be empty
      $createdAt         when it was created, UTC
      $storedSize        what is stored in the storage of the plan, as text; "not measured yet" before the first backup
      $storedOf          how much may be stored: a size, "unlimited" or "a shared limit"
      $percent           stored in percent of the limit, may be above 100; null without a limit
      $storedAt          when that was measured, UTC, or empty
      $storedBytes       the same in bytes
      $protectedSize, $protectedAllowed, $protectedPercent, $protectedBytes
                         size of the data that is selected for backup, on the devices
      $devicesUsed, $devicesAllowed, $devicesPercent
      $vaults            list: .name .stored .allowed .ofPlan (whether the plan's limit is about it)
      $devices           list: .id .name .system .version .registered .items (number of protected items)
                         .lastSeen (by its last job, UTC, or empty) .old (whether that is more than 30 days ago)
      $removal           null, or what the form beside an old device sends: .action .function .token, and .field for
                         the name of the device's field
      $jobs              the newest 200 jobs of the last 14 days:
                         .type .state .kind (success | running | warning | failure | unknown) .symbol .device .item
                         .vault .started .ended .duration .files .size .uploaded .downloaded (times in UTC)
      $jobsMore          how many jobs more there are
      $jobsKnown         whether the jobs could be read
      $downloads         list, sorted by group: .type .label .group .recommended .url

    From the PHP module, for templates that were made for it: $userProfile (without secrets), $getJobsForUser,
    $totalSize (size of the selected data, not of what is stored), $AllProtectedItemsQuota (GB, 0 for none),
    $StorageVaultQuota (GB, or false), $MaximumDevices (0 for unlimited), $CreateTime.

    WHMCS escapes nothing, and names of devices and items are typed on strangers' computers: every value below goes
    through escape. There is no script and there are no ids, so several of these may stand on one page.
*}
{literal}
<style>
    .comet-backup { text-align: left; }
    .comet-backup *, .comet-backup *::before { box-sizing: border-box; }
    .comet-backup p, .comet-backup li { line-height: 1.5; }
    .comet-backup .comet-backup-card { margin-bottom: 0; }
    .comet-backup .comet-backup-heading { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; }
    .comet-backup .comet-backup-title { margin: 0 .6em 0 0; font-size: 1.15em; font-weight: 600; line-height: 1.5; }
    .comet-backup .comet-backup-heading .comet-backup-badge { display: inline-block; padding: .3em .75em; border-radius: 1em; background: #5b6470; color: #fff;
        font-size: .8em; font-weight: 600; line-height: 1.4; }
    .comet-backup .comet-backup-table .comet-backup-old td { padding-top: 0; border-top: 0; }
    .comet-backup .comet-backup-old summary { display: list-item; cursor: pointer; }
    .comet-backup .comet-backup-old form { margin: .5em 0; }
    .comet-backup .comet-backup-heading .comet-backup-badge-active { background: #23752c; }
    .comet-backup .comet-backup-heading .comet-backup-badge-waiting { background: #8a5200; }
    /* Only where the theme has none. */
    :where(.comet-backup-body) { padding-top: 1em; }
    .comet-backup .comet-backup-body > :last-child { margin-bottom: 0; }
    .comet-backup .comet-backup-message { margin: 0 0 1.25em; }
    .comet-backup .comet-backup-notice { margin: 0 0 1.25em; padding: .7em 1em; border-left: 4px solid #8a5200; border-radius: 3px;
        background: rgba(138, 82, 0, .09); }
    .comet-backup .comet-backup-facts { display: flex; flex-wrap: wrap; margin: 0; padding: 0; }
    .comet-backup .comet-backup-facts > div { max-width: 100%; margin: 0 0 .9em; padding: 0 2em 0 0; }
    .comet-backup .comet-backup-facts dt { margin: 0; font-size: .9em; font-weight: 400; opacity: .8; }
    .comet-backup .comet-backup-facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; word-break: break-word; }

    .comet-backup .comet-backup-section { margin: 1.5em 0 0; padding-top: 1.25em; border-top: 1px solid rgba(128, 128, 128, .25); }
    .comet-backup .comet-backup-section-title { margin: 0 0 .75em; font-size: 1.05em; font-weight: 600; line-height: 1.5; }
    .comet-backup .comet-backup-lead { margin: -.5em 0 .9em; font-size: .93em; }
    .comet-backup .comet-backup-note { margin: .6em 0 0; font-size: .93em; }

    .comet-backup .comet-backup-meters { display: grid; grid-template-columns: repeat(auto-fit, minmax(14em, 1fr)); grid-gap: 1em;
        margin: .35em 0 0; padding: 0; list-style: none; }
    .comet-backup .comet-backup-meter { margin: 0; padding: 1em; border: 1px solid rgba(128, 128, 128, .3); border-radius: 4px; }
    .comet-backup .comet-backup-meter-title { margin: 0; font-weight: 600; }
    .comet-backup .comet-backup-meter-value { margin: .1em 0 0; }
    .comet-backup .comet-backup-meter-value strong { font-size: 1.35em; font-weight: 600; white-space: nowrap; }
    .comet-backup .comet-backup-bar { height: .6em; margin: .5em 0 .4em; border-radius: .3em; background: rgba(128, 128, 128, .25);
        overflow: hidden; }
    .comet-backup .comet-backup-bar-fill { display: block; height: 100%; min-width: 2px; background: #24608f; }
    .comet-backup .comet-backup-meter-high .comet-backup-bar-fill { background: #a86200; }
    .comet-backup .comet-backup-meter-full .comet-backup-bar-fill { background: #b3261e; }
    .comet-backup .comet-backup-meter-text { margin: 0; font-size: .93em; }

    .comet-backup .comet-backup-scroll { position: relative; max-width: 100%; max-height: 34em; overflow: auto; border: 1px solid rgba(128, 128, 128, .3);
        border-radius: 4px; -webkit-overflow-scrolling: touch; }
    .comet-backup .comet-backup-scroll:focus { outline: 2px solid #1f6fb2; outline-offset: 1px; }
    .comet-backup .comet-backup-table { width: 100%; margin: 0; border-collapse: collapse; font-size: .9em; text-align: left; }
    .comet-backup .comet-backup-table th, .comet-backup .comet-backup-table td { padding: .55em .65em; border: 0;
        border-top: 1px solid rgba(128, 128, 128, .25); vertical-align: top; line-height: 1.45; }
    .comet-backup .comet-backup-table thead { background: #eef1f4; }
    .comet-backup .comet-backup-table thead th { position: sticky; top: 0; z-index: 1; border-top: 0; background: #eef1f4; color: #1d2733;
        font-weight: 600; white-space: nowrap; vertical-align: bottom; }
    .comet-backup .comet-backup-table tbody th { font-weight: 600; }
    .comet-backup .comet-backup-name { min-width: 8em; max-width: 22em; overflow-wrap: anywhere; word-break: break-word; }
    .comet-backup .comet-backup-fixed { white-space: nowrap; }
    .comet-backup .comet-backup-table .comet-backup-number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .comet-backup .comet-backup-quiet { opacity: .8; }
    .comet-backup .comet-backup-result { display: inline-block; white-space: nowrap; font-weight: 600; }
    .comet-backup .comet-backup-symbol { display: inline-block; width: 1.45em; height: 1.45em; margin-right: .4em; border-radius: 50%; background: #5b6470;
        color: #fff; font-size: .85em; line-height: 1.45; text-align: center; }
    .comet-backup .comet-backup-result-success .comet-backup-symbol { background: #23752c; }
    .comet-backup .comet-backup-result-running .comet-backup-symbol { background: #24608f; }
    .comet-backup .comet-backup-result-warning .comet-backup-symbol { background: #8a5200; }
    .comet-backup .comet-backup-result-failure .comet-backup-symbol { background: #b3261e; }

    .comet-backup .comet-backup-groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(13em, 1fr)); grid-gap: 1.25em; }
    .comet-backup .comet-backup-group-title { margin: 0 0 .4em; font-size: 1em; font-weight: 600; line-height: 1.5; }
    .comet-backup .comet-backup-links { margin: 0; padding: 0; list-style: none; }
    .comet-backup .comet-backup-links li { margin: 0; }
    .comet-backup .comet-backup-link { display: inline-block; padding: .3em 0; text-decoration: underline; }
    .comet-backup .comet-backup-recommended .comet-backup-link { font-weight: 600; }
    .comet-backup .comet-backup-mark { display: inline-block; margin: .1em 0 .25em; padding: .1em .6em; border: 1px solid currentColor; border-radius: 1em; color: #23752c;
        font-size: .8em; font-weight: 600; white-space: nowrap; }

    @media (max-width: 575px) {
        .comet-backup .comet-backup-title { font-size: 1.05em; }
        /* Where no scroll bar is seen, the edge says that there is more. */
        .comet-backup .comet-backup-scroll { max-height: 26em; box-shadow: inset -14px 0 12px -12px rgba(0, 0, 0, .35); }
        .comet-backup .comet-backup-table th, .comet-backup .comet-backup-table td { padding: .5em .6em; }
        .comet-backup .comet-backup-link { padding: .55em 0; }
    }
</style>
{/literal}
<div class="comet-backup text-left">
    <div class="panel panel-default card comet-backup-card">
        <div class="panel-heading card-header comet-backup-heading">
            <h3 class="panel-title card-title comet-backup-title">Your {$productName|default:'backup'|escape:'html'} account</h3>
            {if $accountState == 'active'}
                <span class="label label-success badge badge-success comet-backup-badge comet-backup-badge-active">Active</span>
            {elseif $accountState == 'suspended'}
                <span class="label label-warning badge badge-warning comet-backup-badge comet-backup-badge-waiting">Suspended</span>
            {elseif $accountState == 'preparing'}
                <span class="label label-info badge badge-info comet-backup-badge comet-backup-badge-waiting">Being prepared</span>
            {elseif $accountState == 'ended'}
                <span class="label label-default badge badge-secondary comet-backup-badge">Ended</span>
            {else}
                <span class="label label-default badge badge-secondary comet-backup-badge">Not available</span>
            {/if}
        </div>
        <div class="panel-body card-body comet-backup-body">
            {if $stateMessage}
                <p class="comet-backup-message{if $suspended} comet-backup-notice{/if}">{$stateMessage|escape:'html'}</p>
            {/if}
            {foreach $errors as $error}
                <p class="comet-backup-notice">{$error|escape:'html'}</p>
            {/foreach}

            {if $Username}
                <dl class="comet-backup-facts">
                    <div><dt>User name</dt><dd class="notranslate" translate="no">{$Username|escape:'html'}</dd></div>
                    {if $accountName}<div><dt>Account name</dt><dd>{$accountName|escape:'html'}</dd></div>{/if}
                    {if $createdAt}<div><dt>Created</dt><dd>{$createdAt|escape:'html'} UTC</dd></div>{/if}
                </dl>
            {/if}

            {if $known}
                {$cometMeters = [
                    ['title' => 'Storage used', 'used' => $storedSize, 'allowed' => $storedOf, 'percent' => $percent, 'text' => 'What your backups take up in our storage.'],
                    ['title' => 'Data selected for backup', 'used' => $protectedSize, 'allowed' => $protectedAllowed, 'percent' => $protectedPercent, 'text' => 'On your devices, as the last good backups found it.'],
                    ['title' => 'Devices', 'used' => $devicesUsed, 'allowed' => $devicesAllowed, 'percent' => $devicesPercent, 'text' => '']
                ]}
                <ul class="comet-backup-meters">
                    {foreach $cometMeters as $meter}
                        <li class="comet-backup-meter{if $meter.percent !== null && $meter.percent >= 100} comet-backup-meter-full{elseif $meter.percent !== null && $meter.percent >= 90} comet-backup-meter-high{/if}">
                            <p class="comet-backup-meter-title">{$meter.title|escape:'html'}</p>
                            <p class="comet-backup-meter-value"><strong>{$meter.used|escape:'html'}</strong> <span class="comet-backup-fixed">{if $meter.allowed === 'unlimited'}(unlimited){else}of {$meter.allowed|escape:'html'}{/if}</span></p>
                            {if $meter.percent !== null}
                                <div class="comet-backup-bar" aria-hidden="true"><span class="comet-backup-bar-fill" style="width: {if $meter.percent > 100}100{else}{$meter.percent|escape:'html'}{/if}%"></span></div>
                                <p class="comet-backup-meter-text">{$meter.percent|escape:'html'}&nbsp;% used{if $meter.percent >= 100}: the limit is reached{elseif $meter.percent >= 90}: almost at the limit{/if}</p>
                            {/if}
                            {if $meter.text}<p class="comet-backup-meter-text comet-backup-quiet">{$meter.text|escape:'html'}{if $meter@first && $storedAt} Measured {$storedAt|escape:'html'} UTC.{/if}</p>{/if}
                        </li>
                    {/foreach}
                </ul>
                {foreach $vaults as $vault}
                    {if !$vault.ofPlan}
                        <p class="comet-backup-note">Also in your account, apart from these figures: <strong class="comet-backup-name">{$vault.name|escape:'html'}</strong>, {$vault.stored|escape:'html'}{if $vault.allowed !== 'unlimited'} of {$vault.allowed|escape:'html'}{/if}.</p>
                    {/if}
                {/foreach}

                <div class="comet-backup-section">
                    <h4 class="comet-backup-section-title">Devices</h4>
                    {if $devices}
                        <div class="comet-backup-scroll" tabindex="0" role="region" aria-label="Devices">
                            <table class="table comet-backup-table">
                                <thead><tr>
                                    <th scope="col">Device</th>
                                    <th scope="col">System</th>
                                    <th scope="col">Software</th>
                                    <th scope="col" class="comet-backup-number">Protected items</th>
                                    <th scope="col">Registered (UTC)</th>
                                </tr></thead>
                                <tbody>
                                    {foreach $devices as $device}
                                        <tr>
                                            <th scope="row" class="comet-backup-name notranslate" translate="no">{$device.name|escape:'html'}</th>
                                            <td class="comet-backup-name">{$device.system|default:'–'|escape:'html'}</td>
                                            <td class="comet-backup-fixed">{$device.version|default:'–'|escape:'html'}</td>
                                            <td class="comet-backup-number">{$device.items|escape:'html'}</td>
                                            <td class="comet-backup-fixed">{$device.registered|default:'–'|escape:'html'}</td>
                                        </tr>
                                        {if $removal && $device.old}
                                            <tr class="comet-backup-old"><td colspan="5">
                                                <details>
                                                    <summary>Not seen since {$device.lastSeen|escape:'html'} UTC: remove this device</summary>
                                                    <form method="post" action="{$removal.action|escape:'html'}">
                                                        <input type="hidden" name="token" value="{$removal.token|escape:'html'}">
                                                        <input type="hidden" name="modop" value="custom">
                                                        <input type="hidden" name="a" value="{$removal.function|escape:'html'}">
                                                        <input type="hidden" name="{$removal.field|escape:'html'}" value="{$device.id|escape:'html'}">
                                                        <p>It can then no longer back up or restore until somebody logs in there again. What is stored stays.</p>
                                                        <button type="submit" class="btn btn-default btn-secondary">Remove <span class="notranslate" translate="no">{$device.name|escape:'html'}</span></button>
                                                    </form>
                                                </details>
                                            </td></tr>
                                        {/if}
                                    {/foreach}
                                </tbody>
                            </table>
                        </div>
                    {else}
                        <p class="comet-backup-message">No device is connected yet.{if $downloads} Download the software below, install it, and log in with your user name and password.{/if}</p>
                    {/if}
                </div>
            {/if}

            {if ($accountState == 'active' || $accountState == 'suspended') && $jobsKnown}
                <div class="comet-backup-section">
                    <h4 class="comet-backup-section-title">Jobs of the last 14 days</h4>
                    {if $jobs}
                        <div class="comet-backup-scroll" tabindex="0" role="region" aria-label="Jobs of the last 14 days">
                            <table class="table comet-backup-table">
                                <thead><tr>
                                    <th scope="col">Started (UTC),<br>duration</th>
                                    <th scope="col">Result</th>
                                    <th scope="col">Job</th>
                                    <th scope="col">Device</th>
                                    <th scope="col" class="comet-backup-number">Size,<br>files</th>
                                    <th scope="col" class="comet-backup-number">Uploaded,<br>downloaded</th>
                                </tr></thead>
                                <tbody>
                                    {foreach $jobs as $job}
                                        <tr>
                                            <td class="comet-backup-fixed">{$job.started|escape:'html'}{if $job.duration}<br><span class="comet-backup-quiet">{$job.duration|escape:'html'}</span>{/if}</td>
                                            <td><span class="comet-backup-result comet-backup-result-{$job.kind|escape:'html'}"><span class="comet-backup-symbol" aria-hidden="true">{$job.symbol|escape:'html'}</span>{$job.state|escape:'html'}</span></td>
                                            <td class="comet-backup-name">{$job.type|escape:'html'}{if $job.item}<br><span class="comet-backup-quiet">{$job.item|escape:'html'}</span>{elseif $job.vault}<br><span class="comet-backup-quiet">{$job.vault|escape:'html'}</span>{/if}</td>
                                            <td class="comet-backup-name notranslate" translate="no">{$job.device|default:'–'|escape:'html'}</td>
                                            <td class="comet-backup-number">{$job.size|escape:'html'}<br><span class="comet-backup-quiet">{$job.files|escape:'html'}</span></td>
                                            <td class="comet-backup-number">{$job.uploaded|escape:'html'}<br><span class="comet-backup-quiet">{$job.downloaded|escape:'html'}</span></td>
                                        </tr>
                                    {/foreach}
                                </tbody>
                            </table>
                        </div>
                        {if $jobsMore > 0}
                            <p class="comet-backup-note">These are the newest {$jobs|count|escape:'html'}; {$jobsMore|escape:'html'} older {if $jobsMore == 1}job is{else}jobs are{/if} not shown.</p>
                        {/if}
                    {else}
                        <p class="comet-backup-message">There were none.</p>
                    {/if}
                </div>
            {/if}

            {if $downloads}
                <div class="comet-backup-section">
                    <h4 class="comet-backup-section-title">Download {$productName|escape:'html'}</h4>
                    <p class="comet-backup-lead">Install it on the computer you want to protect, and log in with your user name and password.</p>
                    <div class="comet-backup-groups">
                        {$cometGroup = ''}
                        {foreach $downloads as $download}
                            {if $download.group !== $cometGroup}
                                {if !$download@first}</ul></div>{/if}
                                <div><h5 class="comet-backup-group-title">{$download.group|escape:'html'}</h5><ul class="comet-backup-links">
                                {$cometGroup = $download.group}
                            {/if}
                            <li{if $download.recommended} class="comet-backup-recommended"{/if}><a class="comet-backup-link" href="{$download.url|escape:'html'}" rel="nofollow">{$download.label|escape:'html'}</a>{if $download.recommended} <span class="comet-backup-mark">Recommended</span>{/if}</li>
                            {if $download@last}</ul></div>{/if}
                        {/foreach}
                    </div>
                </div>
            {/if}
        </div>
    </div>
</div>
