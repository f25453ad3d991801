<?php

/**
 * Functions of the PHP extension whmcs_provisioning, for editors and static analysis. Never load this file.
 *
 * WHMCS passes its module parameters as the first argument. Each function takes any number of arguments of
 * any type and never throws, except for the loaders, whose exception WHMCS shows in place of the field.
 * "Requests" are those to Jetpack's licensing API, or to the Comet Server.
 */

/**
 * Issues the licenses that the service or product addon should have and does not.
 * Requests: one for each license issued. One more where setting 5 attaches it to a site.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_CreateAccount(mixed ...$arguments): string {}

/**
 * Suspends: keeps the license (no request), or revokes it (one request each), as setting 4 says.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_SuspendAccount(mixed ...$arguments): string {}

/**
 * Unsuspends: issues again what the suspension revoked. Requests: one for each license; none where it was kept.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_UnsuspendAccount(mixed ...$arguments): string {}

/**
 * Revokes all licenses of the service. Requests: one each, two where Jetpack refuses or the answer is lost.
 *
 * @return string "success", "No license key found for this order", or one sentence that says what failed
 */
function jetpack_TerminateAccount(mixed ...$arguments): string {}

/**
 * For another product or quantity: issues what is missing, then revokes what is too many.
 * Requests: one for each license issued and each revoked; none where nothing differs.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_ChangePackage(mixed ...$arguments): string {}

/**
 * Asks Jetpack whether the licenses still work. Requests: one for each.
 *
 * @return string "success", or one sentence, which says so if a license was revoked at Jetpack
 */
function jetpack_Renew(mixed ...$arguments): string {}

/**
 * The button "Check at Jetpack". Requests: one for each license.
 *
 * @return string "success", or one sentence, which says so if a license was revoked at Jetpack
 */
function jetpack_CheckLicense(mixed ...$arguments): string {}

/**
 * The button "Attach to site": the first license, to the site that the service names. Requests: one.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_AttachToSite(mixed ...$arguments): string {}

/**
 * As jetpack_AttachToSite, under the name and with the sentences of the PHP module of 2022. Requests: one.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_AttachLicense(mixed ...$arguments): string {}

/**
 * The button "Connect site", where setting 5 connects sites: staff say that the site is the client's. It is connected to Jetpack,
 * and the first license is attached to it. Requests: two.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_ConnectSite(mixed ...$arguments): string {}

/**
 * The customer's button "Attach to my site": by POST, with the token of his session, once a minute at most. Requests: one, two
 * where the site is connected as well.
 *
 * @return string "success", or one sentence for the customer
 */
function jetpack_AttachToMySite(mixed ...$arguments): string {}

/**
 * The button "Detach from site". Requests: one for each attached license.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_DetachFromSite(mixed ...$arguments): string {}

/**
 * The button "Not issued: try again", shown after a lost answer: staff have looked and found no license.
 * Requests: as jetpack_CreateAccount.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function jetpack_IssueAgain(mixed ...$arguments): string {}

/**
 * With an empty array, as the daily hook calls it: compares WHMCS, the license table and Jetpack for all services.
 * Requests: one for 100 licenses where the token has a list, else one for each license, the longest unchecked first, at most 500
 * and for 60 seconds. With a service's parameters: for that service, one for each license. Issues and revokes nothing; records what Jetpack has revoked.
 *
 * @return string the summary of a run over everything; "success" or the findings of one service
 */
function jetpack_Reconcile(mixed ...$arguments): string {}

/**
 * For hooks.php, where WHMCS deletes a service, a product addon or a client: removes what only concerned it from the tables of
 * the extension, unless something is active or undecided there. First argument: "service", "addon" or "client"; second: its id.
 * With other arguments, such as the parameters of a command, it does nothing. Requests: none.
 */
function jetpack_Forget(mixed ...$arguments): void {}

/**
 * For hooks.php, on the order form: whether the site address that a customer enters can be used. First argument: the values of the
 * hook. Requests: none.
 *
 * @return list<string> what is wrong, in the visitor's language
 */
function jetpack_ValidateOrder(mixed ...$arguments): array {}

/**
 * For hooks.php, beside the editor of mail templates: merge fields of the licenses of a service. First argument: the values of the
 * hook. Requests: none.
 *
 * @return array<string, string> name ⇒ description, for templates of products
 */
function jetpack_MailFieldNames(mixed ...$arguments): array {}

/**
 * For hooks.php, before a mail is sent: values of those merge fields, from what is stored. First argument: the values of the hook.
 * Requests: none.
 *
 * @return array<string, string> name ⇒ value, where the mail is about a service of the module
 */
function jetpack_MailFields(mixed ...$arguments): array {}

/**
 * A button of the service page: staff say that this WHMCS moved and goes on here. Requests: none.
 *
 * @return string "success", or one sentence that says what is wrong
 */
function jetpack_InstallationMoved(mixed ...$arguments): string {}

/**
 * A button of the service page: staff say that this WHMCS is a copy, which changes nothing at Jetpack. Requests: none.
 *
 * @return string "success", or one sentence that says what is wrong
 */
function jetpack_InstallationIsCopy(mixed ...$arguments): string {}

/**
 * Loader of setting 2: product slug ⇒ label, with prices where there is a token. Requests: one.
 *
 * @return array<string, string>
 * @throws \Exception with the reason
 */
function jetpack_FetchProducts(mixed ...$arguments): array {}

/**
 * For the companion addon module, which writes it into products that it creates: product slug ⇒ description of the product's
 * family, plain text. Requests: one, without a token.
 *
 * @return array<string, string>
 * @throws \Exception with the reason
 */
function jetpack_FetchProductDescriptions(mixed ...$arguments): array {}

/**
 * Loader of setting 3: creates or upgrades the license table and the journal. Requests: none.
 *
 * @return array<string, string> the values that products have stored, with labels that say how many licenses there are
 * @throws \Exception with the reason
 */
function jetpack_CreateLicensesTable(mixed ...$arguments): array {}

/**
 * Default of setting 1: the token of another Jetpack product, else of the companion addon module, else "".
 * Requests: none.
 */
function jetpack_DefaultApiToken(mixed ...$arguments): string {}

/**
 * What staff see on the service page. Requests: none.
 *
 * @return array<string, string> label ⇒ HTML, all values escaped
 */
function jetpack_AdminServicesTabFields(mixed ...$arguments): array {}

/**
 * Takes the key that staff found in the partner portal after a lost answer, from the posted field
 * jetpack_found_license_key, and carries out what was chosen among the unassigned licenses (jetpack_adopt,
 * jetpack_adopt_by_site, jetpack_take_back, jetpack_take_back_by_site). Requests: one for each license, none without a field.
 */
function jetpack_AdminServicesTabFieldsSave(mixed ...$arguments): void {}

/**
 * Buttons of the service page for staff: those that fit the service's state. Requests: none.
 *
 * @return array<string, string> label ⇒ function
 */
function jetpack_AdminCustomButtonArray(mixed ...$arguments): array {}

/**
 * What the customer may start from his page: AttachToMySite, while the service is in use and setting 5 is on. Requests: none.
 *
 * @return array<int, string>
 */
function jetpack_ClientAreaAllowedFunctions(mixed ...$arguments): array {}

/**
 * The customer's page; empty if the parameters are not a service's. Requests: none.
 *
 * @return array<string, mixed> template and its variables
 */
function jetpack_ClientArea(mixed ...$arguments): array {}

/**
 * Creates the account, its policy group and storage vault, and sets its limits; run again, it goes on with what is missing.
 * Requests: three or four, one or two more for a policy group.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function cometbackup_CreateAccount(mixed ...$arguments): string {}

/**
 * Suspends the account. Requests: two; one where it is suspended already.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function cometbackup_SuspendAccount(mixed ...$arguments): string {}

/**
 * Lifts the suspension, and takes back a deletion that waits. Requests: two; one where it is active already.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function cometbackup_UnsuspendAccount(mixed ...$arguments): string {}

/**
 * Deletes the account, or suspends and keeps it, as setting 7 says; with days in setting 13 it is suspended, and deleted by the
 * daily run. Requests: two.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function cometbackup_TerminateAccount(mixed ...$arguments): string {}

/**
 * Sets the password at Comet, then in WHMCS. Requests: two, one more to find connected devices, and one for each.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function cometbackup_ChangePassword(mixed ...$arguments): string {}

/**
 * Sets limits and policy group of the new product. Requests: two; one where nothing differs; one or two more for a policy group.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function cometbackup_ChangePackage(mixed ...$arguments): string {}

/**
 * Checks that the account is there, with the limits that the service is sold with. Changes nothing. Requests: one.
 *
 * @return string "success", or one sentence: the account is missing, another one, or has other limits
 */
function cometbackup_Renew(mixed ...$arguments): string {}

/**
 * The button "Check at Comet". Requests: one.
 *
 * @return string "success", or one sentence: the account is missing, another one, or in another state than the service
 */
function cometbackup_CheckAccount(mixed ...$arguments): string {}

/**
 * The button "Transfer to New Client", shown where the service has another client than its account was created for: sets a
 * new password, removes the devices, enters the new contact. The first press only says what will happen. Requests: four, and one for each device.
 *
 * @return string "success", or one sentence that says what is about to happen, or what failed and what to do
 */
function cometbackup_TransferAccount(mixed ...$arguments): string {}

/**
 * Loader of setting 1: policy group id ⇒ name. Requests: one.
 *
 * @return array<string, string>
 * @throws \Exception with the reason
 */
function cometbackup_ConfigOptionsPolicyGroupLoader(mixed ...$arguments): array {}

/**
 * Loader of setting 2: storage template id ⇒ name. Requests: one, and one for each tenant that a product is for.
 *
 * @return array<string, string>
 * @throws \Exception with the reason
 */
function cometbackup_ConfigOptionsStorageProvidersLoader(mixed ...$arguments): array {}

/**
 * Loader of setting 3. Requests: none.
 *
 * @return array<string, string>
 * @throws \Exception with the reason
 */
function cometbackup_ConfigOptionsRequirePasswordChange(mixed ...$arguments): array {}

/**
 * Loader of setting 10: tenant id ⇒ name; no choice for the administrator of a tenant, and on servers before 22.3.7.
 * Requests: two, one for the administrator of a tenant, and one more where the server's version is not known.
 *
 * @return array<string, string>
 * @throws \Exception with the reason
 */
function cometbackup_ConfigOptionsOrganizationLoader(mixed ...$arguments): array {}

/**
 * Loader of setting 14: the mail templates for products. Requests: none.
 *
 * @return array<string, string>
 * @throws \Exception with the reason
 */
function cometbackup_ConfigOptionsMailTemplateLoader(mixed ...$arguments): array {}

/**
 * Loader of setting 16: a ticket in one of the departments, and the mail templates for products. Requests: none.
 *
 * @return array<string, string>
 * @throws \Exception with the reason
 */
function cometbackup_ConfigOptionsBackupNoticeLoader(mixed ...$arguments): array {}

/**
 * Checks version, role, clock and login of the server. Requests: one, or two.
 *
 * @return array{success: bool, error: string}
 */
function cometbackup_TestConnection(mixed ...$arguments): array {}

/**
 * Server Sync: all accounts of a server, with a server's parameters. Staff and cron only. Requests: one, two where the server did not say in
 * the last hour which one it is.
 *
 * @return array{success: bool, accounts?: list<array<string, string>>, error?: string} an error where the list is not whole, or WHMCS could
 *                                                                                      not match it with every service that has an account
 */
function cometbackup_ListAccounts(mixed ...$arguments): array {}

/**
 * The button "Record Imported Accounts": records the accounts of all services of the server that WHMCS imported from Server Sync. The first
 * press says of which. Requests: one, two where the server did not say in the last hour which one it is.
 *
 * @return string "success", or one sentence that says what a second press does, or why nothing was done
 */
function cometbackup_RecordImported(mixed ...$arguments): string {}

/**
 * For the class MetricProvider, with a server's parameters: the figures of all its services by user name. Staff and cron only.
 * Requests: one; none where cometbackup_UsageUpdate has read the list of the same server in this PHP process, or the reverse.
 *
 * @return array<string, array<string, int|float>> by user name and metric; empty where they cannot be had, which the Activity Log says
 */
function cometbackup_MetricUsage(mixed ...$arguments): array {}

/**
 * For the class MetricProvider: the figures of the one service with the user name that the second argument is. Requests: one; none
 * where no account can have the name, or where it is not that of a service whose account it is.
 *
 * @return array<string, array<string, int|float>> as cometbackup_MetricUsage
 */
function cometbackup_MetricTenantUsage(mixed ...$arguments): array {}

/**
 * WHMCS's daily import: disk used and disk limit of all accounts of a server, in megabytes. Requests: one.
 */
function cometbackup_UsageUpdate(mixed ...$arguments): void {}

/**
 * With an empty array, as the daily hook calls it: compares WHMCS, the table of accounts and the lists of all Comet
 * Servers. Requests: one for a server with services, one more where an answer was lost. With a service's parameters: for
 * that service, one or two. Records identities, accounts that are over, and lost answers. The daily run deletes accounts whose
 * time has come (setting 13), with two requests each, and has WHMCS send the mails before that and those about failing backups
 * (settings 14 to 16); nothing else is changed at Comet.
 *
 * @return string the summary of a run over everything; "success" or the findings of one service
 */
function cometbackup_Reconcile(mixed ...$arguments): string {}

/**
 * For hooks.php, where WHMCS deletes a service, a product addon or a client: removes what only concerned it from the tables of
 * the extension, unless something is active or undecided there. First argument: "service", "addon" or "client"; second: its id.
 * With other arguments, such as the parameters of a command, it does nothing. Requests: none.
 */
function cometbackup_Forget(mixed ...$arguments): void {}

/**
 * For hooks.php, on the order form: whether user name and password that a customer enters can be used. First argument: the values of the
 * hook. Requests: none.
 *
 * @return list<string> what is wrong, in the visitor's language
 */
function cometbackup_ValidateOrder(mixed ...$arguments): array {}

/**
 * For hooks.php, beside the editor of mail templates: merge fields of the account of a service. First argument: the values of the
 * hook. Requests: none.
 *
 * @return array<string, string> name ⇒ description, for templates of products
 */
function cometbackup_MailFieldNames(mixed ...$arguments): array {}

/**
 * For hooks.php, before a mail is sent: values of those merge fields, from what is stored. First argument: the values of the hook.
 * Requests: none.
 *
 * @return array<string, string> name ⇒ value, where the mail is about a service of the module
 */
function cometbackup_MailFields(mixed ...$arguments): array {}

/**
 * The button "Write User Names": writes the names of the recorded accounts into the user name column of all services of the server that
 * hold the PHP module's marker there. The first press says of which. Requests: none.
 *
 * @return string "success", or one sentence that says what a second press does, or why nothing was done
 */
function cometbackup_WriteUserNames(mixed ...$arguments): string {}

/**
 * The button "Put Markers Back": undoes cometbackup_WriteUserNames where the custom field Username holds the name. The first press says
 * of which services. Requests: none.
 *
 * @return string "success", or one sentence that says what a second press does, or why nothing was done
 */
function cometbackup_PutMarkersBack(mixed ...$arguments): string {}

/**
 * A button of the service page: staff say, once for a server entry, that it is the Comet Server that accounts were recorded
 * on. Requests: one, two where the server did not say in the last hour which one it is.
 *
 * @return string "success", or one sentence that says what is wrong
 */
function cometbackup_ConfirmServer(mixed ...$arguments): string {}

/**
 * A button of the service page: staff agree to a deletion that is due and that the daily run does not carry out by itself; the
 * next daily run does. Requests: none.
 *
 * @return string "success", or one sentence that says what is wrong
 */
function cometbackup_ConfirmDeletion(mixed ...$arguments): string {}

/**
 * A button of the service page: staff say that this WHMCS moved and goes on here. Requests: none.
 *
 * @return string "success", or one sentence that says what is wrong
 */
function cometbackup_InstallationMoved(mixed ...$arguments): string {}

/**
 * A button of the service page: staff say that this WHMCS is a copy, which changes nothing at Comet. Requests: none.
 *
 * @return string "success", or one sentence that says what is wrong
 */
function cometbackup_InstallationIsCopy(mixed ...$arguments): string {}

/**
 * What staff see on the service page. Requests: none.
 *
 * @return array<string, string> label ⇒ HTML, all values escaped
 */
function cometbackup_AdminServicesTabFields(mixed ...$arguments): array {}

/**
 * Buttons of the service page for staff. Requests: none.
 *
 * @return array<string, string> label ⇒ function
 */
function cometbackup_AdminCustomButtonArray(mixed ...$arguments): array {}

/**
 * The button "Move Account", shown where the account was recorded for another server: records it for the one that the service
 * is on now, if that has the same account. Requests: one, or two.
 *
 * @return string "success", or one sentence: there is nothing to move, or it is not certain that it is the same account
 */
function cometbackup_MoveAccount(mixed ...$arguments): string {}

/**
 * Takes the device off the account that staff chose on the service page, or links the service to the account whose exact
 * name they entered twice. Requests: two; one.
 */
function cometbackup_AdminServicesTabFieldsSave(mixed ...$arguments): void {}

/**
 * The button "Switch Off Second Factor". Requests: two; one where there is none.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function cometbackup_SwitchOffSecondFactor(mixed ...$arguments): string {}

/**
 * The button "Devices: Read Profile Again". Requests: two, and one for each connected device.
 *
 * @return string "success", or one sentence: no device is connected, or what failed
 */
function cometbackup_RefetchProfile(mixed ...$arguments): string {}

/**
 * The button "Resume Creation", shown where Create did not finish. Requests: those of Create that are left.
 *
 * @return string "success", or one sentence that says what failed and what to do
 */
function cometbackup_ResumeCreation(mixed ...$arguments): string {}

/**
 * The customer's page, or the installer that its query asks for. Requests: two; one for an installer.
 * Empty if the parameters are not a service's.
 *
 * @return array<string, mixed> template and its variables
 */
function cometbackup_ClientArea(mixed ...$arguments): array {}

/**
 * Opens Comet's web interface for the customer. Requests: none; the page it leads to sends two.
 *
 * @return array<string, mixed>
 */
function cometbackup_ServiceSingleSignOn(mixed ...$arguments): array {}

/**
 * Opens Comet's web interface for staff. Requests: none; the page it leads to sends one.
 *
 * @return array<string, mixed>
 */
function cometbackup_AdminSingleSignOn(mixed ...$arguments): array {}

/**
 * What cometbackup_CustomActions of the module file makes WHMCS's actions of (8.5 and later). No request, no statement.
 *
 * @return list<array{identifier: string, label: string, function: string, permissions: list<string>}>
 */
function cometbackup_CustomActionParts(mixed ...$arguments): array {}

/**
 * The action "Download for this computer": the download of the product page for the visitor's system, or the page.
 * Requests: none; one or two where the installers are not remembered.
 *
 * @return array{success: bool, redirectTo?: string, errorMsg?: string}
 */
function cometbackup_DownloadForThisComputer(mixed ...$arguments): array {}

/**
 * The action that leads to the product page. No request.
 *
 * @return array{success: bool, redirectTo?: string, errorMsg?: string}
 */
function cometbackup_OpenProductPage(mixed ...$arguments): array {}

/**
 * The customer's form on his page: removes a device of his account that was not seen for 30 days. By POST, with WHMCS's
 * token. Requests: four.
 *
 * @return string "success", or one sentence for the customer
 */
function cometbackup_RemoveOldDevice(mixed ...$arguments): string {}

/**
 * What the customer may start from his page. No request, no statement.
 *
 * @return list<string> function suffixes
 */
function cometbackup_ClientAreaAllowedFunctions(mixed ...$arguments): array {}

/**
 * The form in WHMCS's list of servers that opens the Comet Server by WHMCS's own sign-on. No request.
 *
 * @return string HTML; empty for whoever is no staff
 */
function cometbackup_AdminLink(mixed ...$arguments): string {}

/**
 * For modules/servers/cometbackup/sso.php: the page that hands a session to Comet's web interface, for the visitor
 * who asked. Requests: two for a customer, one for staff.
 *
 * @return array{status: int, nonce: string, html: string}
 */
function cometbackup_SignOnPage(mixed ...$arguments): array {}

/**
 * The doctor: what is fine in this installation and what is not. It needs WHMCS loaded, and answers staff, cron and scripts of
 * the command line only. Requests: none; with a first argument that is true one to Jetpack and two to each Comet Server.
 *
 * @return list<array{check: string, state: 'fine'|'note'|'fault', text: string}>
 */
function whmcs_provisioning_check(mixed ...$arguments): array {}

/**
 * Prints the page of the addon module that the address names, and carries out what its form asks for. It answers staff only.
 * Requests: none for a page; those of the action that a button starts.
 */
function whmcs_provisioning_output(mixed ...$arguments): void {}

/**
 * The links to the addon's pages, for the left side of the admin area. No request.
 *
 * @return string HTML; empty for whoever is no staff
 */
function whmcs_provisioning_sidebar(mixed ...$arguments): string {}

/**
 * The figures of the dashboard's widget, from what is stored. It answers staff only. No request.
 *
 * @return array{decisions?: int, decisions_jetpack?: int, decisions_comet?: int, failed_operations?: int,
 *     failing_backups?: int, licenses_not_wanted?: int, error?: string}
 */
function whmcs_provisioning_widget(mixed ...$arguments): array {}

/**
 * Activates the addon module: makes or upgrades the tables of both server modules. No request.
 *
 * @return array{status: 'success'|'error', description: string}
 */
function whmcs_provisioning_activate(mixed ...$arguments): array {}

/**
 * Deactivates the addon module. It removes nothing: licenses and accounts cost money. No request.
 *
 * @return array{status: 'success'|'error', description: string}
 */
function whmcs_provisioning_deactivate(mixed ...$arguments): array {}

/**
 * Makes or upgrades the tables of both server modules after files of a newer version were installed. No request.
 */
function whmcs_provisioning_upgrade(mixed ...$arguments): void {}
