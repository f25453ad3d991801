{*
    The customer's page of a Jetpack license, inside the product page of WHMCS.

    A host may override it: put a changed copy of this file into the own theme, at
    templates/<theme>/modules/servers/jetpack/jetpack_license.tpl. Updates of the module leave that copy alone. A copy of the
    PHP module's file of this name goes on working. For other words alone, docs/languages.md has an easier way.

    Variables:
      $text             the texts of this page in the customer's language, by name: the keys page.… of lang/*.json
      $jetpackState     active | suspended | ended | preparing | revoked | unavailable
      $jetpackMessage   a sentence for the visitor, when unavailable; mostly empty
      $jetpackLicenses  list of licenses, filled only when active; several when sold in a quantity
          .key          the license key
          .issuedAt     when it was issued, UTC
          .site         address of the site it is attached to, or null when none is known
          .attachedAt   when it was attached, UTC, or null
          .command      WP-CLI command that adds the key to those that are stored on a site
      $license_key      as the PHP module has it: the first key, or "No License Key Found"
      $domain           as the PHP module has it: the host name of the service's domain, or null
      $jetpackSite      null, or the site that a license can be attached to from here:
          .address      its address, or null when none is known
          .step         open (we try by ourselves) | staff (we ask first) | cut (its owner cut the connection) | empty
          .triedAt, .connectedAt   when we last tried, and when we connected it, UTC, or null
          .form         null, or what the button "Attach to my site" sends: .action, .function, .token
          .sentence     what is done and what is to do, in the customer's language
          .tried        when we last tried, as a sentence, or null
      $jetpackAddPage   address of the page in the site's WordPress admin where a key is entered, or null
      $assetVersion     for the style sheet's address

    WHMCS escapes nothing: every value below goes through escape. No value goes into the script, which reads
    what it copies and says from the page. There are no ids, so several of these may stand on one page.
*}
{assign var=jetpackCount value=$jetpackLicenses|default:[]|count}
{assign var=jetpackAttached value=0}
{foreach $jetpackLicenses|default:[] as $license}
    {if $license.site|default:null}{assign var=jetpackAttached value=$jetpackAttached+1}{/if}
{/foreach}
{assign var=jetpackDone value=($jetpackCount > 0 && $jetpackAttached == $jetpackCount)}
<link rel="stylesheet" href="{if isset($WEB_ROOT)}{$WEB_ROOT|escape:'html'}/{/if}modules/addons/whmcs_provisioning/assets/pages.css?v={$assetVersion|default:''|escape:'url'}">
<div class="provisioning-page text-left" data-provisioning-copy data-copied="{$text.copied|default:''|escape:'html'}" data-copied-status="{$text.copied_status|default:''|escape:'html'}" data-not-copied="{$text.not_copied|default:''|escape:'html'}">
    <div class="panel panel-default card provisioning-card">
        <div class="panel-heading card-header provisioning-heading">
            <h3 class="panel-title card-title provisioning-title">{if $jetpackCount > 1}{$text.title_many|default:''|escape:'html'}{else}{$text.title_one|default:''|escape:'html'}{/if}</h3>
            {if $jetpackState|default:'' == 'active'}
                <span class="provisioning-badge provisioning-good">{$text.state_active|default:''|escape:'html'}</span>
            {elseif $jetpackState|default:'' == 'suspended'}
                <span class="provisioning-badge provisioning-wait">{$text.state_suspended|default:''|escape:'html'}</span>
            {elseif $jetpackState|default:'' == 'preparing'}
                <span class="provisioning-badge provisioning-busy">{$text.state_preparing|default:''|escape:'html'}</span>
            {elseif $jetpackState|default:'' == 'ended'}
                <span class="provisioning-badge provisioning-quiet">{$text.state_ended|default:''|escape:'html'}</span>
            {elseif $jetpackState|default:'' == 'revoked'}
                <span class="provisioning-badge provisioning-bad">{$text.state_revoked|default:''|escape:'html'}</span>
            {else}
                <span class="provisioning-badge provisioning-quiet">{$text.state_unavailable|default:''|escape:'html'}</span>
            {/if}
        </div>
        <div class="panel-body card-body provisioning-body">
            {if $jetpackState|default:'' == 'active'}
                {if $jetpackDone}
                    <p class="provisioning-notice provisioning-good"><span class="provisioning-sign provisioning-good" aria-hidden="true">&#10003;</span>{if $jetpackCount > 1}{$text.attached_many|default:''|escape:'html'}{else}{$text.attached_one|default:''|escape:'html'}{/if}</p>
                {else}
                    <p class="provisioning-notice provisioning-busy">{if $jetpackCount > 1}{$text.ready_many|default:''|escape:'html'}{else}{$text.ready_one|default:''|escape:'html'}{/if}</p>
                {/if}

                {foreach $jetpackLicenses|default:[] as $license}
                    <div class="provisioning-item">
                        <dl class="provisioning-facts">
                            <div><dt>{$text.site|default:''|escape:'html'}</dt><dd{if $license.site|default:null} class="notranslate" translate="no"{/if}>{if $license.site|default:null}{$license.site|escape:'html'}{else}{$text.no_site|default:''|escape:'html'}{/if}</dd></div>
                            {if $license.attachedAt|default:null}<div><dt>{$text.attached_on|default:''|escape:'html'}</dt><dd>{$license.attachedAt|escape:'html'} UTC</dd></div>{/if}
                            {if $license.issuedAt|default:null}<div><dt>{$text.issued_on|default:''|escape:'html'}</dt><dd>{$license.issuedAt|escape:'html'} UTC</dd></div>{/if}
                        </dl>
                        {if $jetpackCount > 1}{assign var=jetpackLabel value=$text.key_number|default:''|replace:'{number}':$license@iteration|replace:'{total}':$jetpackCount}{else}{assign var=jetpackLabel value=$text.key|default:''}{/if}
                        <div class="provisioning-copy">
                            <label class="provisioning-label">
                                <span class="provisioning-label-text">{$jetpackLabel|escape:'html'}</span>
                                <textarea class="form-control provisioning-field notranslate" translate="no" rows="1" readonly spellcheck="false">{$license.key|default:''|escape:'html'}</textarea>
                            </label>
                            <button type="button" class="btn btn-default btn-secondary provisioning-button" hidden aria-label="{$text.copy|default:''|escape:'html'}: {$jetpackLabel|escape:'html'}">{$text.copy|default:''|escape:'html'}</button>
                            <span class="provisioning-status provisioning-hidden" role="status"></span>
                        </div>
                    </div>
                {/foreach}

                {if $jetpackSite|default:null}
                    <div class="provisioning-section">
                        <h4 class="provisioning-section-title">{$text.attach_title|default:''|escape:'html'}</h4>
                        <p>{$jetpackSite.sentence|default:''|escape:'html'}</p>
                        {if $jetpackSite.form|default:null}
                            <form method="post" action="{$jetpackSite.form.action|escape:'html'}">
                                <input type="hidden" name="token" value="{$jetpackSite.form.token|escape:'html'}">
                                <input type="hidden" name="modop" value="custom">
                                <input type="hidden" name="a" value="{$jetpackSite.form.function|escape:'html'}">
                                <button type="submit" class="btn btn-primary provisioning-submit">{$text.attach_button|default:''|escape:'html'}</button>
                            </form>
                        {/if}
                        {if $jetpackSite.tried|default:null}<p class="provisioning-note">{$jetpackSite.tried|escape:'html'}</p>{/if}
                    </div>
                {/if}

                {if $jetpackDone}
                <details class="provisioning-section">
                    <summary class="provisioning-section-title">{$text.ways_again|default:''|escape:'html'}</summary>
                {else}
                <div class="provisioning-section">
                    <h4 class="provisioning-section-title">{if $jetpackCount > 1}{$text.ways_many|default:''|escape:'html'}{else}{$text.ways_one|default:''|escape:'html'}{/if}</h4>
                {/if}
                    <p class="provisioning-lead">{$text.ways_lead|default:''|escape:'html'}</p>
                    <ol class="provisioning-steps">
                        <li>
                            <h5 class="provisioning-step-title">{$text.admin_title|default:''|escape:'html'}</h5>
                            <p>{$text.admin_open|default:''|escape:'html'}
                                {if $jetpackAddPage|default:null}<a class="provisioning-strong notranslate" translate="no" href="{$jetpackAddPage|escape:'html'}" target="_blank" rel="noopener noreferrer">{$jetpackAddPage|escape:'html'}</a>{else}<span class="provisioning-strong notranslate" translate="no">/wp-admin/admin.php?page=my-jetpack#/add-license</span>{/if}</p>
                            <p>{$text.admin_menu|default:''|escape:'html'}</p>
                            <p>{if $jetpackCount > 1}{$text.admin_paste_many|default:''|escape:'html'}{else}{$text.admin_paste_one|default:''|escape:'html'}{/if}</p>
                        </li>
                        <li>
                            <h5 class="provisioning-step-title">{$text.cli_title|default:''|escape:'html'}</h5>
                            <p>{if $jetpackCount > 1}{$text.cli_lead_many|default:''|escape:'html'}{else}{$text.cli_lead_one|default:''|escape:'html'}{/if}</p>
                            {foreach $jetpackLicenses|default:[] as $license}
                            {if $jetpackCount > 1}{assign var=jetpackLabel value=$text.cli_label_number|default:''|replace:'{number}':$license@iteration}{else}{assign var=jetpackLabel value=$text.cli_label|default:''}{/if}
                            <div class="provisioning-copy">
                                <label class="provisioning-label">
                                    <span class="provisioning-label-text{if $jetpackCount == 1} provisioning-hidden{/if}">{$jetpackLabel|escape:'html'}</span>
                                    <textarea class="form-control provisioning-field provisioning-field-command notranslate" translate="no" rows="3" readonly spellcheck="false">{$license.command|default:''|escape:'html'}</textarea>
                                </label>
                                <button type="button" class="btn btn-default btn-secondary provisioning-button" hidden aria-label="{$text.copy|default:''|escape:'html'}: {$jetpackLabel|escape:'html'}">{$text.copy|default:''|escape:'html'}</button>
                                <span class="provisioning-status provisioning-hidden" role="status"></span>
                            </div>
                            {/foreach}
                            <p class="provisioning-note">{$text.cli_note|default:''|escape:'html'}</p>
                        </li>
                        <li>
                            <h5 class="provisioning-step-title">{$text.auto_title|default:''|escape:'html'}</h5>
                            <p>{$text.auto_text|default:''|escape:'html'}</p>
                        </li>
                    </ol>
                {if $jetpackDone}
                </details>
                {else}
                </div>
                {/if}
            {elseif $jetpackState|default:'' == 'suspended'}
                <p class="provisioning-message">{$text.message_suspended|default:''|escape:'html'}</p>
            {elseif $jetpackState|default:'' == 'preparing'}
                <p class="provisioning-message">{$text.message_preparing|default:''|escape:'html'}</p>
            {elseif $jetpackState|default:'' == 'ended'}
                <p class="provisioning-message">{$text.message_ended|default:''|escape:'html'}</p>
            {elseif $jetpackState|default:'' == 'revoked'}
                <p class="provisioning-message">{$text.message_revoked|default:''|escape:'html'}</p>
            {elseif $jetpackMessage|default:''}
                <p class="provisioning-message">{$jetpackMessage|escape:'html'}</p>
            {else}
                <p class="provisioning-message">{$text.message_unavailable|default:''|escape:'html'}</p>
            {/if}
        </div>
    </div>
</div>
{if $jetpackState|default:'' == 'active'}
{literal}
<script>
(function () {
    'use strict';

    function each(list, visit) {
        Array.prototype.forEach.call(list, visit);
    }

    // For pages without the clipboard interface: plain http, older browsers.
    function copyBySelection(field) {
        field.focus();
        field.select();
        field.setSelectionRange(0, field.value.length);
        try {
            return document.execCommand('copy');
        } catch (refused) {
            return false;
        }
    }

    function prepare(page, row) {
        var field = row.querySelector('.provisioning-field');
        var button = row.querySelector('.provisioning-button');
        var status = row.querySelector('.provisioning-status');
        var word = button.textContent;
        var timer = 0;

        function show(shown, sentence, hidden) {
            window.clearTimeout(timer);
            button.textContent = shown;
            status.textContent = sentence;
            status.classList.toggle('provisioning-hidden', hidden);
            timer = window.setTimeout(function () {
                button.textContent = word;
                status.textContent = '';
                status.classList.add('provisioning-hidden');
            }, hidden ? 2500 : 8000);
        }

        function copied() {
            show(page.getAttribute('data-copied'), page.getAttribute('data-copied-status'), true);
        }

        function fallBack() {
            if (copyBySelection(field)) {
                button.focus();
                copied();
            } else {
                show(word, page.getAttribute('data-not-copied'), false);
            }
        }

        button.addEventListener('click', function () {
            if (navigator.clipboard && navigator.clipboard.writeText) {
                navigator.clipboard.writeText(field.value).then(copied, fallBack);
            } else {
                fallBack();
            }
        });
        button.hidden = false;
    }

    each(document.querySelectorAll('[data-provisioning-copy]'), function (page) {
        page.removeAttribute('data-provisioning-copy');
        each(page.querySelectorAll('.provisioning-copy'), function (row) {
            prepare(page, row);
        });
    });
}());
</script>
{/literal}
{/if}
