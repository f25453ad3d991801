-- WHMCS's tables that modules touch. Texts without a default are as in WHMCS: its own connection is not strict.

CREATE TABLE IF NOT EXISTS tblclients (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, uuid varchar(255) NOT NULL DEFAULT '', firstname text NOT NULL,
  lastname text NOT NULL, companyname text NOT NULL, email text NOT NULL, address1 text NOT NULL, address2 text NOT NULL,
  city text NOT NULL, state text NOT NULL, postcode text NOT NULL, country text NOT NULL, phonenumber text NOT NULL,
  tax_id varchar(128) NOT NULL DEFAULT '', currency int(10) NOT NULL DEFAULT 1, groupid int(10) NOT NULL DEFAULT 0,
  credit decimal(16,2) NOT NULL DEFAULT 0.00, language text NOT NULL, notes text NOT NULL,
  status enum('Active','Inactive','Closed') NOT NULL DEFAULT 'Active', datecreated date NOT NULL DEFAULT '0000-00-00',
  created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00'
);

CREATE TABLE IF NOT EXISTS tblusers (
  id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, first_name varchar(255) NOT NULL DEFAULT '',
  last_name varchar(255) NOT NULL DEFAULT '', email varchar(255) NOT NULL DEFAULT '',
  password varchar(255) NOT NULL DEFAULT '', language varchar(32) NOT NULL DEFAULT '',
  created_at timestamp NULL DEFAULT NULL, updated_at timestamp NULL DEFAULT NULL
);

CREATE TABLE IF NOT EXISTS tblusers_clients (
  id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, auth_user_id int(10) unsigned NOT NULL DEFAULT 0,
  client_id int(10) unsigned NOT NULL DEFAULT 0, owner tinyint(1) unsigned NOT NULL DEFAULT 0, permissions text,
  created_at timestamp NULL DEFAULT NULL, updated_at timestamp NULL DEFAULT NULL
);

CREATE TABLE IF NOT EXISTS tbladmins (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, roleid int(10) NOT NULL DEFAULT 1, username text NOT NULL,
  firstname text NOT NULL, lastname text NOT NULL, email text NOT NULL, language text NOT NULL,
  disabled tinyint(1) NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS tblcurrencies (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, code text NOT NULL, prefix text NOT NULL, suffix text NOT NULL,
  format int(10) NOT NULL DEFAULT 1, rate decimal(10,5) NOT NULL DEFAULT 1.00000, `default` int(10) NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS tblorders (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, ordernum bigint(10) NOT NULL DEFAULT 0, userid int(10) NOT NULL DEFAULT 0,
  date datetime NOT NULL DEFAULT '0000-00-00 00:00:00', promocode text NOT NULL, amount decimal(16,2) NOT NULL DEFAULT 0.00,
  paymentmethod text NOT NULL, invoiceid int(10) NOT NULL DEFAULT 0, status text NOT NULL, notes text NOT NULL
);

CREATE TABLE IF NOT EXISTS tblproductgroups (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, slug varchar(128) NOT NULL DEFAULT '', headline text,
  tagline text, orderfrmtpl text NOT NULL, disabledgateways text NOT NULL, hidden tinyint(1) NOT NULL DEFAULT 0,
  `order` int(1) NOT NULL DEFAULT 0, icon varchar(64) NOT NULL DEFAULT '',
  created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00'
);

CREATE TABLE IF NOT EXISTS tblproducts (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, type text NOT NULL, gid int(10) NOT NULL DEFAULT 0, name text NOT NULL,
  description text NOT NULL, hidden tinyint(1) NOT NULL DEFAULT 0,
  showdomainoptions tinyint(1) NOT NULL DEFAULT 0, welcomeemail int(10) NOT NULL DEFAULT 0,
  stockcontrol tinyint(1) NOT NULL DEFAULT 0, qty int(10) NOT NULL DEFAULT 0, proratabilling tinyint(1) NOT NULL DEFAULT 0,
  proratadate int(2) NOT NULL DEFAULT 0, proratachargenextmonth int(2) NOT NULL DEFAULT 0, paytype text NOT NULL,
  allowqty int(1) NOT NULL DEFAULT 0, subdomain text NOT NULL, autosetup text NOT NULL, servertype text NOT NULL,
  servergroup int(10) NOT NULL DEFAULT 0,
  configoption1 text NOT NULL, configoption2 text NOT NULL, configoption3 text NOT NULL, configoption4 text NOT NULL,
  configoption5 text NOT NULL, configoption6 text NOT NULL, configoption7 text NOT NULL, configoption8 text NOT NULL,
  configoption9 text NOT NULL, configoption10 text NOT NULL, configoption11 text NOT NULL, configoption12 text NOT NULL,
  configoption13 text NOT NULL, configoption14 text NOT NULL, configoption15 text NOT NULL, configoption16 text NOT NULL,
  configoption17 text NOT NULL, configoption18 text NOT NULL, configoption19 text NOT NULL, configoption20 text NOT NULL,
  configoption21 text NOT NULL, configoption22 text NOT NULL, configoption23 text NOT NULL, configoption24 text NOT NULL,
  freedomain text NOT NULL, freedomainpaymentterms text NOT NULL, freedomaintlds text NOT NULL,
  recurringcycles int(2) NOT NULL DEFAULT 0, autoterminatedays int(4) NOT NULL DEFAULT 0,
  autoterminateemail int(10) NOT NULL DEFAULT 0, configoptionsupgrade tinyint(1) NOT NULL DEFAULT 0,
  billingcycleupgrade text NOT NULL, upgradeemail int(10) NOT NULL DEFAULT 0, overagesenabled varchar(10) NOT NULL DEFAULT '',
  overagesdisklimit int(10) NOT NULL DEFAULT 0, overagesbwlimit int(10) NOT NULL DEFAULT 0,
  overagesdiskprice decimal(6,4) NOT NULL DEFAULT 0.0000, overagesbwprice decimal(6,4) NOT NULL DEFAULT 0.0000,
  tax tinyint(1) NOT NULL DEFAULT 0, affiliateonetime tinyint(1) NOT NULL DEFAULT 0, affiliatepaytype text NOT NULL,
  affiliatepayamount decimal(16,2) NOT NULL DEFAULT 0.00, `order` int(10) NOT NULL DEFAULT 0,
  retired tinyint(1) NOT NULL DEFAULT 0, is_featured tinyint(1) NOT NULL DEFAULT 0, color varchar(64) NOT NULL DEFAULT '',
  tagline varchar(255) NOT NULL DEFAULT '', short_description varchar(255) NOT NULL DEFAULT '',
  created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00'
);

CREATE TABLE IF NOT EXISTS tblhosting (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, userid int(10) NOT NULL DEFAULT 0, orderid int(10) NOT NULL DEFAULT 0,
  packageid int(10) NOT NULL DEFAULT 0, server int(10) NOT NULL DEFAULT 0, regdate date NOT NULL DEFAULT '0000-00-00',
  domain text NOT NULL, paymentmethod text NOT NULL, qty int(10) unsigned NOT NULL DEFAULT 1,
  firstpaymentamount decimal(16,2) NOT NULL DEFAULT 0.00, amount decimal(16,2) NOT NULL DEFAULT 0.00,
  billingcycle text NOT NULL, nextduedate date DEFAULT NULL, nextinvoicedate date NOT NULL DEFAULT '0000-00-00',
  termination_date date NOT NULL DEFAULT '0000-00-00', completed_date date NOT NULL DEFAULT '0000-00-00',
  domainstatus enum('Pending','Active','Suspended','Terminated','Cancelled','Fraud','Completed') NOT NULL DEFAULT 'Pending',
  username text NOT NULL, password text NOT NULL, notes text NOT NULL, subscriptionid text NOT NULL,
  promoid int(10) NOT NULL DEFAULT 0, promocount int(10) DEFAULT 0, suspendreason text NOT NULL,
  overideautosuspend tinyint(1) NOT NULL DEFAULT 0, overidesuspenduntil date NOT NULL DEFAULT '0000-00-00',
  dedicatedip text NOT NULL, assignedips text NOT NULL, ns1 text NOT NULL, ns2 text NOT NULL,
  diskusage int(10) NOT NULL DEFAULT 0, disklimit int(10) NOT NULL DEFAULT 0, bwusage int(10) NOT NULL DEFAULT 0,
  bwlimit int(10) NOT NULL DEFAULT 0, lastupdate datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
  KEY serviceid (id), KEY userid (userid), KEY orderid (orderid), KEY productid (packageid), KEY serverid (server)
);

CREATE TABLE IF NOT EXISTS tblhostingaddons (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, orderid int(10) NOT NULL DEFAULT 0, hostingid int(10) NOT NULL DEFAULT 0,
  addonid int(10) NOT NULL DEFAULT 0, userid int(10) NOT NULL DEFAULT 0, server int(10) NOT NULL DEFAULT 0, name text NOT NULL,
  qty int(10) unsigned NOT NULL DEFAULT 1, firstpaymentamount decimal(16,2) NOT NULL DEFAULT 0.00,
  setupfee decimal(16,2) NOT NULL DEFAULT 0.00, recurring decimal(16,2) NOT NULL DEFAULT 0.00, billingcycle text NOT NULL,
  tax text NOT NULL,
  status enum('Pending','Active','Suspended','Terminated','Cancelled','Fraud','Completed') NOT NULL DEFAULT 'Pending',
  regdate date NOT NULL DEFAULT '0000-00-00', nextduedate date DEFAULT NULL, nextinvoicedate date NOT NULL DEFAULT '0000-00-00',
  termination_date date NOT NULL DEFAULT '0000-00-00', paymentmethod text NOT NULL, notes text NOT NULL,
  subscriptionid varchar(128) NOT NULL DEFAULT '',
  created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
  KEY orderid (orderid), KEY serviceid (hostingid), KEY userid (userid)
);

CREATE TABLE IF NOT EXISTS tbladdons (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, packages text NOT NULL, name text NOT NULL, description text NOT NULL,
  billingcycle text NOT NULL, allowqty int(1) NOT NULL DEFAULT 0, tax tinyint(1) NOT NULL DEFAULT 0,
  showorder tinyint(1) NOT NULL DEFAULT 0, hidden tinyint(1) NOT NULL DEFAULT 0, retired tinyint(1) NOT NULL DEFAULT 0,
  downloads text NOT NULL, autoactivate text NOT NULL, suspendproduct tinyint(1) NOT NULL DEFAULT 0,
  welcomeemail int(10) NOT NULL DEFAULT 0, type varchar(32) NOT NULL DEFAULT '', module varchar(32) NOT NULL DEFAULT '',
  server_group_id int(10) NOT NULL DEFAULT 0, provisioningType varchar(8) NOT NULL DEFAULT 'standard',
  prorate tinyint(1) NOT NULL DEFAULT 0, weight int(2) NOT NULL DEFAULT 0, autolinkby text NOT NULL,
  created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00'
);

CREATE TABLE IF NOT EXISTS tblmodule_configuration (
  id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, entity_type varchar(8) NOT NULL DEFAULT '',
  entity_id int(10) unsigned NOT NULL DEFAULT 0, setting_name varchar(16) NOT NULL DEFAULT '',
  friendly_name varchar(64) NOT NULL DEFAULT '', value text NOT NULL,
  created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
  UNIQUE KEY unique_constraint (entity_type, entity_id, setting_name)
);

CREATE TABLE IF NOT EXISTS tblservers (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, ipaddress text NOT NULL, assignedips text NOT NULL,
  hostname text NOT NULL, monthlycost decimal(16,2) NOT NULL DEFAULT 0.00, noc text NOT NULL, statusaddress text NOT NULL,
  nameserver1 text NOT NULL, nameserver1ip text NOT NULL, nameserver2 text NOT NULL, nameserver2ip text NOT NULL,
  maxaccounts int(10) NOT NULL DEFAULT 0, type text NOT NULL, username text NOT NULL, password text NOT NULL,
  accesshash text NOT NULL, secure text NOT NULL, port int(8) DEFAULT NULL, active int(1) NOT NULL DEFAULT 0,
  disabled int(1) NOT NULL DEFAULT 0, created_at timestamp NULL DEFAULT NULL, updated_at timestamp NULL DEFAULT NULL
);

CREATE TABLE IF NOT EXISTS tblservergroups (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, filltype int(1) NOT NULL DEFAULT 1
);

CREATE TABLE IF NOT EXISTS tblservergroupsrel (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, groupid int(10) NOT NULL DEFAULT 0, serverid int(10) NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS tblcustomfields (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, type text NOT NULL, relid int(10) NOT NULL DEFAULT 0,
  fieldname text NOT NULL, fieldtype text NOT NULL, description text NOT NULL, fieldoptions text NOT NULL,
  regexpr text NOT NULL, adminonly text NOT NULL, required text NOT NULL, showorder text NOT NULL, showinvoice text NOT NULL,
  sortorder int(10) NOT NULL DEFAULT 0,
  created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00'
);

CREATE TABLE IF NOT EXISTS tblcustomfieldsvalues (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, fieldid int(10) NOT NULL DEFAULT 0, relid int(10) NOT NULL DEFAULT 0,
  value text NOT NULL, created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
  updated_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', KEY fieldid_relid (fieldid, relid), KEY relid (relid)
);

CREATE TABLE IF NOT EXISTS tblproductconfiggroups (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, description text NOT NULL
);

CREATE TABLE IF NOT EXISTS tblproductconfiglinks (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, gid int(10) NOT NULL DEFAULT 0, pid int(10) NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS tblproductconfigoptions (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, gid int(10) NOT NULL DEFAULT 0, optionname text NOT NULL,
  optiontype text NOT NULL, qtyminimum int(10) NOT NULL DEFAULT 0, qtymaximum int(10) NOT NULL DEFAULT 0,
  `order` int(1) NOT NULL DEFAULT 0, hidden int(1) NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS tblproductconfigoptionssub (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, configid int(10) NOT NULL DEFAULT 0, optionname text NOT NULL,
  sortorder int(10) NOT NULL DEFAULT 0, hidden int(1) NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS tblhostingconfigoptions (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, relid int(10) NOT NULL DEFAULT 0, configid int(10) NOT NULL DEFAULT 0,
  optionid int(10) NOT NULL DEFAULT 0, qty int(10) NOT NULL DEFAULT 0, KEY relid_configid (relid, configid)
);

CREATE TABLE IF NOT EXISTS tblpricing (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  type enum('product','addon','configoptions','domainregister','domaintransfer','domainrenew','domainaddons','usage') NOT NULL,
  currency int(10) NOT NULL DEFAULT 1, relid int(10) NOT NULL DEFAULT 0,
  msetupfee decimal(16,2) NOT NULL DEFAULT 0.00, qsetupfee decimal(16,2) NOT NULL DEFAULT 0.00,
  ssetupfee decimal(16,2) NOT NULL DEFAULT 0.00, asetupfee decimal(16,2) NOT NULL DEFAULT 0.00,
  bsetupfee decimal(16,2) NOT NULL DEFAULT 0.00, tsetupfee decimal(16,2) NOT NULL DEFAULT 0.00,
  monthly decimal(16,2) NOT NULL DEFAULT -1.00, quarterly decimal(16,2) NOT NULL DEFAULT -1.00,
  semiannually decimal(16,2) NOT NULL DEFAULT -1.00, annually decimal(16,2) NOT NULL DEFAULT -1.00,
  biennially decimal(16,2) NOT NULL DEFAULT -1.00, triennially decimal(16,2) NOT NULL DEFAULT -1.00
);

CREATE TABLE IF NOT EXISTS tblupgrades (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, userid int(10) DEFAULT NULL, orderid int(10) NOT NULL DEFAULT 0,
  type text NOT NULL, date date NOT NULL DEFAULT '0000-00-00', relid int(10) NOT NULL DEFAULT 0, originalvalue text NOT NULL,
  newvalue text NOT NULL, amount decimal(16,2) NOT NULL DEFAULT 0.00, status varchar(20) NOT NULL DEFAULT 'Pending',
  paid enum('Y','N') NOT NULL DEFAULT 'N'
);

CREATE TABLE IF NOT EXISTS tblusage_items (
  id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, rel_type varchar(200) NOT NULL DEFAULT '',
  rel_id int(10) unsigned NOT NULL DEFAULT 0, module_type varchar(200) NOT NULL DEFAULT '',
  module varchar(200) NOT NULL DEFAULT '', metric varchar(200) NOT NULL DEFAULT '',
  included decimal(19,6) NOT NULL DEFAULT 0.000000, is_hidden tinyint(1) NOT NULL DEFAULT 0,
  created_at timestamp NULL DEFAULT NULL, updated_at timestamp NULL DEFAULT NULL
);

CREATE TABLE IF NOT EXISTS tblmodulequeue (
  id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, service_type varchar(20) NOT NULL DEFAULT '',
  service_id int(10) unsigned NOT NULL DEFAULT 0, module_name varchar(64) NOT NULL DEFAULT '',
  module_action varchar(64) NOT NULL DEFAULT '', last_attempt timestamp NULL DEFAULT NULL, last_attempt_error text NOT NULL,
  num_retries smallint(5) unsigned NOT NULL DEFAULT 0, completed tinyint(1) unsigned NOT NULL DEFAULT 0,
  created_at timestamp NULL DEFAULT NULL, updated_at timestamp NULL DEFAULT NULL
);

CREATE TABLE IF NOT EXISTS tblmodulelog (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, date datetime NOT NULL, module text NOT NULL, action text NOT NULL,
  request mediumtext NOT NULL, response mediumtext NOT NULL, arrdata mediumtext NOT NULL
);

CREATE TABLE IF NOT EXISTS tblactivitylog (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, date datetime NOT NULL, description text NOT NULL, user text NOT NULL,
  userid int(10) NOT NULL DEFAULT 0, user_id int(10) unsigned NOT NULL DEFAULT 0,
  admin_id int(10) unsigned NOT NULL DEFAULT 0, ipaddr text NOT NULL, KEY userid (userid)
);

CREATE TABLE IF NOT EXISTS tblemailtemplates (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, type text NOT NULL, name text NOT NULL, subject text NOT NULL,
  message text NOT NULL, attachments text NOT NULL, fromname text NOT NULL, fromemail text NOT NULL,
  disabled tinyint(1) NOT NULL DEFAULT 0, custom tinyint(1) NOT NULL DEFAULT 0, language text NOT NULL, copyto text NOT NULL,
  blind_copy_to text NOT NULL, plaintext int(1) NOT NULL DEFAULT 0,
  created_at timestamp NULL DEFAULT NULL, updated_at timestamp NULL DEFAULT NULL
);

CREATE TABLE IF NOT EXISTS tblemails (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, userid int(10) NOT NULL, subject text NOT NULL, message text NOT NULL,
  date datetime DEFAULT NULL, KEY userid (userid)
);

CREATE TABLE IF NOT EXISTS tblticketdepartments (
  id int(3) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, description text NOT NULL, email text NOT NULL,
  hidden text NOT NULL, `order` int(1) NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS tbltickets (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, tid varchar(128) NOT NULL, did int(10) NOT NULL, userid int(10) NOT NULL,
  date datetime DEFAULT NULL, title text NOT NULL, message text NOT NULL, status varchar(64) NOT NULL, urgency text NOT NULL,
  service text NOT NULL, KEY userid (userid)
);

CREATE TABLE IF NOT EXISTS tbladdonmodules (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, module text NOT NULL, setting text NOT NULL, value text NOT NULL
);

CREATE TABLE IF NOT EXISTS tblconfiguration (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, setting varchar(64) NOT NULL, value text NOT NULL,
  created_at timestamp NULL DEFAULT NULL, updated_at timestamp NULL DEFAULT NULL, UNIQUE KEY unique_setting (setting)
);
