{*
    The customer's page of a Comet Backup account, inside the product page of WHMCS.

    A host may override it: put a changed copy of this file into the own theme, at
    templates/<theme>/modules/servers/cometbackup/clientarea.tpl. Updates of the module leave that copy alone. Words and
    colors need no copy: docs/languages.md.

    Variables:
      $accountState      active | suspended | preparing | ended | unavailable
      $stateMessage      one sentence or two about it; empty when active
      $headline          null, or whether the backups are all right: .sign (good | running | waiting | warning | failure |
                         paused | unknown) .meaning (its color: good | busy | wait | bad | quiet) .symbol .sentence .since
                         .advice (the last two may be empty)
      $suspended         true when the service or the account is suspended
      $errors            list of sentences: what of this page could not be read
      $knownAt           where the server cannot be reached: when what is shown was read, UTC; else empty
      $productName       what the host calls the product in Comet's branding, else "Comet Backup"
      $known             whether the account could be read; if not, there are no quotas and devices
      $Username          name of the account, to log in with
      $accountName       its descriptive name, may be empty
      $createdAt         when it was created, UTC
      $calendar          the last 14 days, a row for each protected item: .name .device .label (the row in words) .svg (the
                         picture, which is HTML)
      $calendarDays      the days above them, as HTML; empty without rows
      $calendarMore      how many protected items more there are
      $meters            used of allowed: .title .used .of .percent (null without a limit) .width (at most 100) .meaning
                         .filled (the percentage in words) .text
      $vaults            list: .name .used .of .ofPlan (whether the plan's limit is about it); in English .stored .allowed
      $devices           list: .id .name .system .version .registered .items (number of protected items)
                         .lastSeen (by its last job, UTC, or empty) .contact (the same as people say it)
                         .old (whether that is more than 30 days ago)
      $removal           null, or what the form beside an old device sends: .action .function .token, and .field for
                         the name of the device's field
      $jobs              the newest 200 jobs of the last 14 days: .what .result .advice .meaning .symbol .device .item .vault
                         .started .ended .duration .files .size .uploaded .downloaded (times in UTC); in English .type .state,
                         and .kind (success | running | warning | failure | unknown)
      $jobsMore          how many jobs more there are
      $jobsKnown         whether the jobs could be read
      $downloads         list, sorted by group, that of the visitor's system first: .type .name .group .recommended .url .own;
                         in English .label
      $ownSystem         the group for the visitor's own system; empty where the browser does not say
      $said              texts with a name or number in them: .title .download .jobs .jobs_more .calendar_more
      $styleVersion      for the address of the style sheet
      $text              all other texts, in the visitor's language: lang/<language>.json, keys that begin with page.

    In English, for templates of earlier versions: $storedSize, $storedOf, $percent, $storedAt, $storedBytes, $protectedSize,
    $protectedAllowed, $protectedPercent, $protectedBytes, $devicesUsed, $devicesAllowed, $devicesPercent.

    From the PHP module, for templates that were made for it: $userProfile (without secrets), $getJobsForUser,
    $totalSize (size of the selected data, not of what is stored), $AllProtectedItemsQuota (GB, 0 for none),
    $StorageVaultQuota (GB, or false), $MaximumDevices (0 for unlimited), $CreateTime.

    WHMCS escapes nothing, and names of devices and items are typed on strangers' computers: every value below goes
    through escape, but for the pictures, which are made of escaped parts. There is no script and there are no ids, so
    several of these may stand on one page. Any variable may be missing.
*}
<link rel="stylesheet" href="{$WEB_ROOT|default:''|escape:'html'}/modules/addons/whmcs_provisioning/assets/pages.css?v={$styleVersion|default:''|escape:'html'}">
<div class="provisioning-page provisioning-backup text-left">
    <div class="panel panel-default card provisioning-card">
        <div class="panel-heading card-header provisioning-heading">
            <h3 class="panel-title card-title provisioning-title">{$said.title|default:''|escape:'html'}</h3>
            {if $accountState|default:'' == 'active'}
                <span class="provisioning-badge provisioning-good">{$text.state_active|default:''|escape:'html'}</span>
            {elseif $accountState|default:'' == 'suspended'}
                <span class="provisioning-badge provisioning-wait">{$text.state_suspended|default:''|escape:'html'}</span>
            {elseif $accountState|default:'' == 'preparing'}
                <span class="provisioning-badge provisioning-busy">{$text.state_preparing|default:''|escape:'html'}</span>
            {elseif $accountState|default:'' == 'ended'}
                <span class="provisioning-badge provisioning-quiet">{$text.state_ended|default:''|escape:'html'}</span>
            {else}
                <span class="provisioning-badge provisioning-quiet">{$text.state_unavailable|default:''|escape:'html'}</span>
            {/if}
        </div>
        <div class="panel-body card-body provisioning-body">
            {if $headline|default:''}
                <div class="provisioning-headline provisioning-{$headline.meaning|default:'quiet'|escape:'html'}">
                    <span class="provisioning-sign" aria-hidden="true">{$headline.symbol|default:''|escape:'html'}</span>
                    <div>
                        <p class="provisioning-headline-sentence">{$headline.sentence|default:''|escape:'html'}</p>
                        {if $headline.since|default:''}<p>{$headline.since|escape:'html'}</p>{/if}
                        {if $headline.advice|default:''}<p>{$headline.advice|escape:'html'}</p>{/if}
                    </div>
                </div>
            {elseif $stateMessage|default:''}
                <p class="provisioning-message">{$stateMessage|escape:'html'}</p>
            {/if}
            {foreach $errors|default:[] as $error}
                <p class="provisioning-notice">{$error|escape:'html'}</p>
            {/foreach}

            {if $calendar|default:[]}
                <div class="provisioning-section">
                    <h4 class="provisioning-section-title">{$text.calendar_title|default:''|escape:'html'}</h4>
                    {if $calendar|count > 15}<div class="provisioning-scroll" tabindex="0" role="region" aria-label="{$text.calendar_title|default:''|escape:'html'}">{/if}
                    <ul class="provisioning-calendar">
                        <li class="provisioning-calendar-head" aria-hidden="true"><span></span>{$calendarDays|default:''}</li>
                        {foreach $calendar as $row}
                            <li>
                                <span class="provisioning-calendar-name notranslate" translate="no">{$row.name|default:''|escape:'html'}{if $row.device|default:''} <span class="provisioning-calendar-device">{$row.device|escape:'html'}</span>{/if}</span>
                                {$row.svg|default:''}
                            </li>
                        {/foreach}
                    </ul>
                    {if $calendar|count > 15}</div>{/if}
                    <ul class="provisioning-legend" aria-hidden="true">
                        <li><span class="provisioning-sign provisioning-good">✓</span>{$text.legend_good|default:''|escape:'html'}</li>
                        <li><span class="provisioning-sign provisioning-wait">!</span>{$text.legend_warning|default:''|escape:'html'}</li>
                        <li><span class="provisioning-sign provisioning-bad">✕</span>{$text.legend_failure|default:''|escape:'html'}</li>
                        <li><span class="provisioning-sign provisioning-quiet">–</span>{$text.legend_none|default:''|escape:'html'}</li>
                    </ul>
                    {if $calendarMore|default:0 > 0}<p class="provisioning-note">{$said.calendar_more|default:''|escape:'html'}</p>{/if}
                </div>
            {/if}

            {if $meters|default:[]}
                <div class="provisioning-section">
                    <h4 class="provisioning-section-title">{$text.usage_title|default:''|escape:'html'}</h4>
                    <ul class="provisioning-meters">
                        {foreach $meters as $meter}
                            <li class="provisioning-meter provisioning-{$meter.meaning|default:'busy'|escape:'html'}">
                                <p class="provisioning-meter-title">{$meter.title|default:''|escape:'html'}</p>
                                <p class="provisioning-meter-value"><strong>{$meter.used|default:''|escape:'html'}</strong> {$meter.of|default:''|escape:'html'}</p>
                                {if $meter.filled|default:''}
                                    <div class="provisioning-bar" aria-hidden="true"><span class="provisioning-bar-fill" style="width: {$meter.width|default:0|escape:'html'}%"></span></div>
                                    <p class="provisioning-meter-text">{$meter.filled|escape:'html'}</p>
                                {/if}
                                {if $meter.text|default:''}<p class="provisioning-meter-text">{$meter.text|escape:'html'}</p>{/if}
                            </li>
                        {/foreach}
                    </ul>
                    {foreach $vaults|default:[] as $vault}
                        {if !($vault.ofPlan|default:false)}
                            <p class="provisioning-note">{$text.other_vault|default:''|escape:'html'} <strong class="provisioning-strong">{$vault.name|default:''|escape:'html'}</strong>: {$vault.used|default:''|escape:'html'} {$vault.of|default:''|escape:'html'}</p>
                        {/if}
                    {/foreach}
                </div>
            {/if}

            {if $Username|default:''}
                <div class="provisioning-section">
                    <dl class="provisioning-facts">
                        <div><dt>{$text.user_name|default:''|escape:'html'}</dt><dd class="notranslate" translate="no">{$Username|escape:'html'}</dd></div>
                        {if $accountName|default:''}<div><dt>{$text.account_name|default:''|escape:'html'}</dt><dd>{$accountName|escape:'html'}</dd></div>{/if}
                        {if $createdAt|default:''}<div><dt>{$text.created|default:''|escape:'html'}</dt><dd>{$createdAt|escape:'html'} UTC</dd></div>{/if}
                    </dl>
                </div>
            {/if}

            {if $known|default:false}
                <div class="provisioning-section">
                    <h4 class="provisioning-section-title">{$text.devices_title|default:''|escape:'html'}</h4>
                    {if $devices|default:[]}
                        <div class="provisioning-scroll" tabindex="0" role="region" aria-label="{$text.devices_title|default:''|escape:'html'}">
                            <table class="provisioning-table provisioning-stack" role="table">
                                <thead role="rowgroup"><tr role="row">
                                    <th role="columnheader" scope="col">{$text.device|default:''|escape:'html'}</th>
                                    <th role="columnheader" scope="col">{$text.last_contact|default:''|escape:'html'}</th>
                                    <th role="columnheader" scope="col">{$text.system|default:''|escape:'html'}</th>
                                    <th role="columnheader" scope="col">{$text.software|default:''|escape:'html'}</th>
                                    <th role="columnheader" scope="col" class="provisioning-number">{$text.items|default:''|escape:'html'}</th>
                                </tr></thead>
                                <tbody role="rowgroup">
                                    {foreach $devices as $device}
                                        <tr role="row">
                                            <th role="rowheader" scope="row" class="notranslate" translate="no">{$device.name|default:''|escape:'html'}</th>
                                            <td role="cell" data-label="{$text.last_contact|default:''|escape:'html'}"><div>
                                                {if $device.lastSeen|default:''}{$device.contact|default:''|escape:'html'}<br><span class="provisioning-small provisioning-fixed">{$device.lastSeen|escape:'html'} UTC</span>{else}{$text.not_known|default:'–'|escape:'html'}{/if}
                                                {if $removal|default:null && $device.old|default:false}
                                                    <details>
                                                        <summary>{$text.remove_device|default:''|escape:'html'}</summary>
                                                        <form method="post" action="{$removal.action|default:''|escape:'html'}">
                                                            <input type="hidden" name="token" value="{$removal.token|default:''|escape:'html'}">
                                                            <input type="hidden" name="modop" value="custom">
                                                            <input type="hidden" name="a" value="{$removal.function|default:''|escape:'html'}">
                                                            <input type="hidden" name="{$removal.field|default:''|escape:'html'}" value="{$device.id|default:''|escape:'html'}">
                                                            <p>{$text.remove_device_text|default:''|escape:'html'}</p>
                                                            <button type="submit" class="btn btn-default btn-secondary">{$text.remove|default:''|escape:'html'} <span class="notranslate" translate="no">{$device.name|default:''|escape:'html'}</span></button>
                                                        </form>
                                                    </details>
                                                {/if}
                                            </div></td>
                                            <td role="cell" data-label="{$text.system|default:''|escape:'html'}">{$device.system|default:'–'|escape:'html'}</td>
                                            <td role="cell" data-label="{$text.software|default:''|escape:'html'}">{$device.version|default:'–'|escape:'html'}</td>
                                            <td role="cell" class="provisioning-number" data-label="{$text.items|default:''|escape:'html'}">{$device.items|default:0|escape:'html'}</td>
                                        </tr>
                                    {/foreach}
                                </tbody>
                            </table>
                        </div>
                    {else}
                        <p class="provisioning-message">{$text.no_devices|default:''|escape:'html'}</p>
                    {/if}
                </div>
            {/if}

            {if $downloads|default:[]}
                <div class="provisioning-section">
                    <h4 class="provisioning-section-title">{$said.download|default:''|escape:'html'}</h4>
                    <p class="provisioning-lead">{$text.download_text|default:''|escape:'html'}</p>
                    {if $ownSystem|default:''}
                        <h5 class="provisioning-group-title">{$text.own_system|default:''|escape:'html'} {$ownSystem|escape:'html'}</h5>
                        <ul class="provisioning-links">
                            {foreach $downloads as $download}
                                {if $download.own|default:false}
                                    <li><a class="provisioning-link" href="{$download.url|default:''|escape:'html'}" rel="nofollow">{$download.name|default:''|escape:'html'}</a>{if $download.recommended|default:false} <span class="provisioning-mark">{$text.recommended|default:''|escape:'html'}</span>{/if}</li>
                                {/if}
                            {/foreach}
                        </ul>
                        <details class="provisioning-note">
                            <summary>{$text.other_systems|default:''|escape:'html'}</summary>
                    {/if}
                    <div class="provisioning-groups">
                        {$provisioningGroup = ''}
                        {foreach $downloads as $download}
                            {if !($ownSystem|default:'' && $download.own|default:false)}
                                {if $download.group|default:'' !== $provisioningGroup}
                                    {if $provisioningGroup !== ''}</ul></div>{/if}
                                    <div><h5 class="provisioning-group-title">{$download.group|default:''|escape:'html'}</h5><ul class="provisioning-links">
                                    {$provisioningGroup = $download.group|default:''}
                                {/if}
                                <li><a class="provisioning-link" href="{$download.url|default:''|escape:'html'}" rel="nofollow">{$download.name|default:''|escape:'html'}</a>{if $download.recommended|default:false} <span class="provisioning-mark">{$text.recommended|default:''|escape:'html'}</span>{/if}</li>
                            {/if}
                        {/foreach}
                        {if $provisioningGroup !== ''}</ul></div>{/if}
                    </div>
                    {if $ownSystem|default:''}</details>{/if}
                </div>
            {/if}

            {if ($accountState|default:'' == 'active' || $accountState|default:'' == 'suspended') && $jobsKnown|default:false}
                <details class="provisioning-section">
                    <summary class="provisioning-section-title">{$said.jobs|default:''|escape:'html'}</summary>
                    {if $jobs|default:[]}
                        <div class="provisioning-scroll" tabindex="0" role="region" aria-label="{$said.jobs|default:''|escape:'html'}">
                            <table class="provisioning-table provisioning-stack" role="table">
                                <thead role="rowgroup"><tr role="row">
                                    <th role="columnheader" scope="col">{$text.job_started|default:''|escape:'html'}</th>
                                    <th role="columnheader" scope="col">{$text.job_result|default:''|escape:'html'}</th>
                                    <th role="columnheader" scope="col">{$text.job|default:''|escape:'html'}</th>
                                    <th role="columnheader" scope="col" class="provisioning-number">{$text.job_size|default:''|escape:'html'}</th>
                                    <th role="columnheader" scope="col" class="provisioning-number">{$text.job_traffic|default:''|escape:'html'}</th>
                                </tr></thead>
                                <tbody role="rowgroup">
                                    {foreach $jobs as $job}
                                        <tr role="row">
                                            <th role="rowheader" scope="row" class="provisioning-fixed">{$job.started|default:'–'|escape:'html'}{if $job.duration|default:''}<br><span class="provisioning-small">{$job.duration|escape:'html'}</span>{/if}</th>
                                            <td role="cell" data-label="{$text.job_result|default:''|escape:'html'}"><div><span class="provisioning-result"><span class="provisioning-sign provisioning-{$job.meaning|default:'quiet'|escape:'html'}" aria-hidden="true">{$job.symbol|default:''|escape:'html'}</span>{$job.result|default:''|escape:'html'}</span>{if $job.advice|default:''}<br><span class="provisioning-small">{$job.advice|escape:'html'}</span>{/if}</div></td>
                                            <td role="cell" data-label="{$text.job|default:''|escape:'html'}"><div>{$job.what|default:''|escape:'html'}{if $job.item|default:''}: {$job.item|escape:'html'}{elseif $job.vault|default:''}: {$job.vault|escape:'html'}{/if}{if $job.device|default:''}<br><span class="provisioning-small notranslate" translate="no">{$job.device|escape:'html'}</span>{/if}</div></td>
                                            <td role="cell" class="provisioning-number" data-label="{$text.job_size|default:''|escape:'html'}"><div>{$job.size|default:''|escape:'html'}<br><span class="provisioning-small">{$job.files|default:0|escape:'html'}</span></div></td>
                                            <td role="cell" class="provisioning-number" data-label="{$text.job_traffic|default:''|escape:'html'}"><div>{$job.uploaded|default:''|escape:'html'}<br><span class="provisioning-small">{$job.downloaded|default:''|escape:'html'}</span></div></td>
                                        </tr>
                                    {/foreach}
                                </tbody>
                            </table>
                        </div>
                        {if $jobsMore|default:0 > 0}<p class="provisioning-note">{$said.jobs_more|default:''|escape:'html'}</p>{/if}
                    {else}
                        <p class="provisioning-message">{$text.no_jobs|default:''|escape:'html'}</p>
                    {/if}
                </details>
            {/if}
        </div>
    </div>
</div>
