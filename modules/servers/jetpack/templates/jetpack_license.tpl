{*
    The customer's page of a Jetpack license, inside the product page of WHMCS.

    A host may override it: put a changed copy of this file into the own theme, at
    templates/<theme>/modules/servers/jetpack/jetpack_license.tpl. Updates of the module leave that copy alone. A copy of the
    PHP module's file of this name goes on working.

    Variables:
      $jetpackState     active | suspended | ended | preparing | revoked | unavailable
      $jetpackMessage   a sentence for the visitor, when unavailable; mostly empty
      $jetpackLicenses  list of licenses, filled only when active; several when sold in a quantity
          .key          the license key
          .issuedAt     when it was issued, UTC
          .site         address of the site it is attached to, or null when none is known
          .attachedAt   when it was attached, UTC, or null
          .command      WP-CLI command that stores the key on a site
      $license_key      as the PHP module has it: the first key, or "No License Key Found"
      $domain           as the PHP module has it: the host name of the service's domain, or null
      $jetpackSite      null, or the site that a license can be attached to from here:
          .address      its address, or null when none is known
          .step         open (we try by ourselves) | staff (we ask first) | cut (its owner cut the connection) | empty
          .triedAt, .connectedAt   when we last tried, and when we connected it, UTC, or null
          .form         null, or what the button "Attach to my site" sends: .action, .function, .token

    WHMCS escapes nothing: every value below goes through escape. No value goes into the script, which reads
    what it copies from the fields. There are no ids, so several of these may stand on one page.
*}
{assign var=jetpackCount value=$jetpackLicenses|count}
{assign var=jetpackAttached value=0}
{foreach $jetpackLicenses as $license}
    {if $license.site}{assign var=jetpackAttached value=$jetpackAttached+1}{/if}
{/foreach}
{assign var=jetpackDone value=($jetpackCount > 0 && $jetpackAttached == $jetpackCount)}
{literal}
<style>
    .jetpack-license { text-align: left; }
    .jetpack-license [hidden] { display: none !important; }
    .jetpack-license p, .jetpack-license li { line-height: 1.5; }
    .jetpack-license-heading { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; }
    .jetpack-license .jetpack-license-card { margin-bottom: 0; }
    .jetpack-license .jetpack-license-title { margin: 0 .6em 0 0; font-size: 1.15em; font-weight: 600; line-height: 1.5; }
    .jetpack-license .jetpack-license-heading .jetpack-license-badge { padding: .3em .75em; border-radius: 1em; background: #5b6470; color: #fff;
        font-size: .8em; font-weight: 600; line-height: 1.4; }
    .jetpack-license .jetpack-license-heading .jetpack-license-badge-active { background: #23752c; }
    .jetpack-license .jetpack-license-heading .jetpack-license-badge-waiting { background: #8a5200; }
    .jetpack-license .jetpack-license-body > :last-child { margin-bottom: 0; }
    .jetpack-license .jetpack-license-message { margin: 0; }
    .jetpack-license .jetpack-license-done { margin: 0 0 1.25em; padding: .7em 1em; border-left: 4px solid #23752c;
        border-radius: 3px; background: rgba(35, 117, 44, .09); }

    .jetpack-license .jetpack-license-key + .jetpack-license-key { margin-top: 1.25em; padding-top: 1.25em;
        border-top: 1px solid rgba(128, 128, 128, .25); }
    .jetpack-license-copy { display: flex; flex-wrap: wrap; align-items: flex-end; position: relative; }
    .jetpack-license .jetpack-license-label { flex: 1 1 0; display: block; min-width: 0; margin: 0; font-weight: 600; }
    .jetpack-license .jetpack-license-name { display: block; margin-bottom: .3em; }
    .jetpack-license .jetpack-license-field { display: block; box-sizing: border-box; width: 100%; min-height: 2.9em; height: auto;
        margin: 0; padding: .7em .8em; border: 1px solid #b9c0c8; border-radius: 4px; background: #f6f8fa; color: #1d2733;
        font: 400 14px/1.45 SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; text-align: left;
        white-space: pre-wrap; overflow-wrap: anywhere; word-break: break-all; resize: none; field-sizing: content; }
    .jetpack-license .jetpack-license-field-command { word-break: normal; }
    .jetpack-license .jetpack-license-field:focus { outline: 2px solid #1f6fb2; outline-offset: 1px; }
    .jetpack-license .jetpack-license-button { flex: none; min-width: 6em; min-height: 42px; margin: 0 0 0 .6em; }
    .jetpack-license .jetpack-license-button:focus { outline: 2px solid #1f6fb2; outline-offset: 2px; }
    .jetpack-license-status { flex-basis: 100%; margin-top: .4em; font-size: .9em; }
    .jetpack-license .jetpack-license-quiet { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0;
        overflow: hidden; clip: rect(0, 0, 0, 0); white-space: nowrap; }
    .jetpack-license .jetpack-license-facts { margin: .5em 0 0; padding: 0; list-style: none; font-size: .93em; }
    .jetpack-license .jetpack-license-facts li { display: inline-block; max-width: 100%; margin: 0 1.5em 0 0; }
    .jetpack-license .jetpack-license-site { font-weight: 600; overflow-wrap: anywhere; word-break: break-word; }

    .jetpack-license .jetpack-license-attach { margin: 1.25em 0 0; padding: 1em; border-left: 4px solid #1f6fb2; border-radius: 3px;
        background: rgba(31, 111, 178, .08); }
    .jetpack-license .jetpack-license-attach p { margin: 0; }
    .jetpack-license .jetpack-license-attach form { margin: .8em 0 0; }
    .jetpack-license .jetpack-license-attach .jetpack-license-attach-button { min-height: 42px; }
    .jetpack-license .jetpack-license-attach .jetpack-license-note { margin-top: .6em; font-size: .93em; }

    .jetpack-license .jetpack-license-ways { margin: 1.5em 0 0; padding-top: 1.25em; border-top: 1px solid rgba(128, 128, 128, .25); }
    .jetpack-license .jetpack-license-ways-title { margin: 0; font-size: 1.05em; font-weight: 600; line-height: 1.5; }
    .jetpack-license summary.jetpack-license-ways-title { display: list-item; cursor: pointer; }
    .jetpack-license .jetpack-license-lead { margin: .25em 0 0; }
    .jetpack-license .jetpack-license-steps { margin: 1em 0 0; padding: 0; list-style: none; counter-reset: jetpack-license; }
    .jetpack-license .jetpack-license-steps > li { position: relative; margin: 0 0 1.4em; padding-left: 2.75em;
        counter-increment: jetpack-license; }
    .jetpack-license .jetpack-license-steps > li:last-child { margin-bottom: 0; }
    .jetpack-license .jetpack-license-steps > li::before { content: counter(jetpack-license); position: absolute; left: 0; top: -.15em;
        width: 1.9em; height: 1.9em; border-radius: 50%; background: #24405f; color: #fff; font-weight: 600; line-height: 1.9;
        text-align: center; }
    .jetpack-license .jetpack-license-step-title { margin: 0 0 .35em; font-size: 1em; font-weight: 600; line-height: 1.5; }
    .jetpack-license .jetpack-license-steps p { margin: 0 0 .6em; }
    .jetpack-license .jetpack-license-steps p:last-child { margin-bottom: 0; }
    .jetpack-license .jetpack-license-steps .jetpack-license-note { margin-top: .6em; font-size: .93em; }

    @media (max-width: 575px) {
        .jetpack-license .jetpack-license-title { font-size: 1.05em; }
        .jetpack-license .jetpack-license-label { flex-basis: 100%; }
        .jetpack-license .jetpack-license-button { width: 100%; margin: .5em 0 0; }
        .jetpack-license .jetpack-license-facts li { display: block; margin-right: 0; }
        .jetpack-license .jetpack-license-steps > li { padding-left: 0; }
        .jetpack-license .jetpack-license-step-title { min-height: 1.9em; padding-left: 2.6em; line-height: 1.6; }
    }
    /* Browsers that cannot fit a field to its text: room for two lines of a key and five of the command. */
    @supports not (field-sizing: content) {
        .jetpack-license .jetpack-license-field-command { min-height: 5.8em; }
        @media (max-width: 575px) {
            .jetpack-license .jetpack-license-field { min-height: 4.5em; }
            .jetpack-license .jetpack-license-field-command { min-height: 9em; }
        }
    }
</style>
{/literal}
<div class="jetpack-license text-left">
    <div class="panel panel-default card jetpack-license-card">
        <div class="panel-heading card-header jetpack-license-heading">
            <h3 class="panel-title card-title jetpack-license-title">Your Jetpack {if $jetpackCount > 1}licenses{else}license{/if}</h3>
            {if $jetpackState == 'active'}
                <span class="label label-success badge badge-success jetpack-license-badge jetpack-license-badge-active">Active</span>
            {elseif $jetpackState == 'suspended'}
                <span class="label label-warning badge badge-warning jetpack-license-badge jetpack-license-badge-waiting">Suspended</span>
            {elseif $jetpackState == 'preparing'}
                <span class="label label-info badge badge-info jetpack-license-badge jetpack-license-badge-waiting">Being prepared</span>
            {elseif $jetpackState == 'ended'}
                <span class="label label-default badge badge-secondary jetpack-license-badge">Ended</span>
            {elseif $jetpackState == 'revoked'}
                <span class="label label-default badge badge-secondary jetpack-license-badge">Not active</span>
            {else}
                <span class="label label-default badge badge-secondary jetpack-license-badge">Not available</span>
            {/if}
        </div>
        <div class="panel-body card-body jetpack-license-body">
            {if $jetpackState == 'active'}
                {if $jetpackDone}
                    <p class="jetpack-license-done">
                        {if $jetpackCount > 1}All your licenses are already attached to a site.{else}Your license is already attached to your site.{/if}
                        Nothing is left to do.
                    </p>
                {/if}

                {foreach $jetpackLicenses as $license}
                    <div class="jetpack-license-key">
                        <div class="jetpack-license-copy">
                            <label class="jetpack-license-label">
                                <span class="jetpack-license-name">License key{if $jetpackCount > 1} {$license@iteration|escape:'html'} of {$jetpackCount|escape:'html'}{/if}</span>
                                <textarea class="form-control jetpack-license-field notranslate" translate="no" rows="1" readonly spellcheck="false">{$license.key|escape:'html'}</textarea>
                            </label>
                            <button type="button" class="btn btn-default btn-secondary jetpack-license-button" hidden><span class="jetpack-license-button-text">Copy</span><span class="jetpack-license-quiet"> license key{if $jetpackCount > 1} {$license@iteration|escape:'html'}{/if}</span></button>
                            <span class="jetpack-license-status jetpack-license-quiet" role="status" aria-live="polite"></span>
                        </div>
                        <ul class="jetpack-license-facts">
                            {if $license.issuedAt}<li>Issued on {$license.issuedAt|escape:'html'} UTC</li>{/if}
                            {if $license.site}<li>Attached to <span class="jetpack-license-site">{$license.site|escape:'html'}</span>{if $license.attachedAt} on {$license.attachedAt|escape:'html'} UTC{/if}</li>{/if}
                        </ul>
                    </div>
                {/foreach}

                {if $jetpackSite}
                    <div class="jetpack-license-attach">
                        {if !$jetpackSite.address}
                            <p>We do not know yet where your site is. Please contact us, and we attach the license to it for you.</p>
                        {elseif $jetpackSite.step == 'open'}
                            <p>We attach the license to <span class="jetpack-license-site">{$jetpackSite.address|escape:'html'}</span> for you, as soon as the site is ready.</p>
                        {elseif $jetpackSite.step == 'cut'}
                            <p>The connection of <span class="jetpack-license-site">{$jetpackSite.address|escape:'html'}</span> to Jetpack was cut, so we left the site alone.
                                Connect it again in its WordPress admin, under <strong>Jetpack</strong>; after that you can attach the license here.</p>
                        {else}
                            <p>Once Jetpack is installed and connected on <span class="jetpack-license-site">{$jetpackSite.address|escape:'html'}</span>, you can attach the license to it here.</p>
                        {/if}
                        {if $jetpackSite.form}
                            <form method="post" action="{$jetpackSite.form.action|escape:'html'}">
                                <input type="hidden" name="token" value="{$jetpackSite.form.token|escape:'html'}">
                                <input type="hidden" name="modop" value="custom">
                                <input type="hidden" name="a" value="{$jetpackSite.form.function|escape:'html'}">
                                <button type="submit" class="btn btn-primary jetpack-license-attach-button">Attach to my site</button>
                            </form>
                        {/if}
                        {if $jetpackSite.triedAt}<p class="jetpack-license-note">Last tried on {$jetpackSite.triedAt|escape:'html'} UTC. It can be tried again after a minute.</p>{/if}
                    </div>
                {/if}

                {if $jetpackDone}
                <details class="jetpack-license-ways">
                    <summary class="jetpack-license-ways-title">Three ways to activate it, should you need them again</summary>
                {else}
                <div class="jetpack-license-ways">
                    <h4 class="jetpack-license-ways-title">Three ways to activate {if $jetpackCount > 1}them{else}it{/if}</h4>
                {/if}
                    <p class="jetpack-license-lead">Your site needs the Jetpack plugin, installed and connected.</p>
                    <ol class="jetpack-license-steps">
                        <li>
                            <h5 class="jetpack-license-step-title">In the WordPress admin</h5>
                            <p>
                                Log in to the WordPress admin of your site and open <strong>Jetpack</strong>, then
                                <strong>My Jetpack</strong> (in older versions, <strong>Dashboard</strong>).
                                Look for &ldquo;Have a license key?&rdquo; or &ldquo;Activate a license&rdquo;, paste
                                {if $jetpackCount > 1}one of the keys{else}the key{/if} and choose <strong>Activate</strong>.
                            </p>
                            {if $jetpackCount > 1}<p>Use a different key for each of your sites.</p>{/if}
                        </li>
                        <li>
                            <h5 class="jetpack-license-step-title">On the command line with WP-CLI</h5>
                            <p>Run {if $jetpackCount > 1}the command of one key{else}this command{/if} in the folder of your WordPress site:</p>
                            {foreach $jetpackLicenses as $license}
                            <div class="jetpack-license-copy">
                                <label class="jetpack-license-label">
                                    <span class="{if $jetpackCount > 1}jetpack-license-name{else}jetpack-license-quiet{/if}">WP-CLI command{if $jetpackCount > 1} for key {$license@iteration|escape:'html'}{/if}</span>
                                    <textarea class="form-control jetpack-license-field jetpack-license-field-command notranslate" translate="no" rows="2" readonly spellcheck="false">{$license.command|escape:'html'}</textarea>
                                </label>
                                <button type="button" class="btn btn-default btn-secondary jetpack-license-button" hidden><span class="jetpack-license-button-text">Copy</span><span class="jetpack-license-quiet"> WP-CLI command{if $jetpackCount > 1} for key {$license@iteration|escape:'html'}{/if}</span></button>
                                <span class="jetpack-license-status jetpack-license-quiet" role="status" aria-live="polite"></span>
                            </div>
                            {/foreach}
                            <p class="jetpack-license-note">
                                The command replaces Jetpack license keys that were stored on the site before.
                            </p>
                        </li>
                        <li>
                            <h5 class="jetpack-license-step-title">Let it attach by itself</h5>
                            {if $jetpackDone}
                                <p>This is already done: {if $jetpackCount > 1}all licenses are{else}the license is{/if} attached, and nothing is left to do.</p>
                            {else}
                                <p>
                                    Once your site is connected to Jetpack, the keys that are stored on it are attached automatically.
                                    You can also ask us to attach {if $jetpackCount > 1}a license{else}the license{/if} to your site for you.
                                </p>
                                {if $jetpackAttached > 0}<p>For the keys above that are marked as attached, nothing is left to do.</p>{/if}
                            {/if}
                        </li>
                    </ol>
                {if $jetpackDone}
                </details>
                {else}
                </div>
                {/if}
            {elseif $jetpackState == 'suspended'}
                <p class="jetpack-license-message">Your Jetpack license is on hold while this service is suspended; please pay any open invoice or contact us, and a license key will appear here once the service is active again.</p>
            {elseif $jetpackState == 'preparing'}
                <p class="jetpack-license-message">Your Jetpack license is being prepared, and its key will appear on this page once your order is complete; please come back a little later, or contact us if it takes longer than you expect.</p>
            {elseif $jetpackState == 'ended'}
                <p class="jetpack-license-message">This service has ended, so its Jetpack license can no longer be used; please place a new order or contact us if you would like to use Jetpack again.</p>
            {elseif $jetpackState == 'revoked'}
                <p class="jetpack-license-message">This service has no valid Jetpack license at the moment; please contact us, and we will sort it out for you.</p>
            {elseif $jetpackMessage}
                <p class="jetpack-license-message">{$jetpackMessage|escape:'html'}</p>
            {else}
                <p class="jetpack-license-message">We cannot show your Jetpack license right now; please try again in a few minutes, and contact us if this page stays the same.</p>
            {/if}
        </div>
    </div>
</div>
{if $jetpackState == 'active'}
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

    function prepare(row) {
        var field = row.querySelector('.jetpack-license-field');
        var button = row.querySelector('.jetpack-license-button');
        var text = row.querySelector('.jetpack-license-button-text');
        var status = row.querySelector('.jetpack-license-status');
        var timer = 0;

        function show(word, sentence, quiet) {
            window.clearTimeout(timer);
            text.textContent = word;
            status.textContent = sentence;
            status.classList.toggle('jetpack-license-quiet', quiet);
            timer = window.setTimeout(function () {
                text.textContent = 'Copy';
                status.textContent = '';
                status.classList.add('jetpack-license-quiet');
            }, quiet ? 2500 : 8000);
        }

        function copied() {
            show('Copied', 'Copied to the clipboard.', true);
        }

        function fallBack() {
            if (copyBySelection(field)) {
                button.focus();
                copied();
            } else {
                show('Copy', 'The text is selected. Copy it with the keyboard or the menu of your browser.', false);
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

    each(document.querySelectorAll('.jetpack-license:not([data-jetpack-license-ready])'), function (page) {
        page.setAttribute('data-jetpack-license-ready', '');
        each(page.querySelectorAll('.jetpack-license-copy'), prepare);
    });
}());
</script>
{/literal}
{/if}
