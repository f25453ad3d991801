//! Storage templates, and the vaults that are made from them.

use serde::Deserialize;

use super::accounts;
use super::profile;
use super::random;
use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::schema;
use super::state::Comet;
use super::text;
use super::version::Version;

const SKELETON: &str = include_str!("vault.json");
/// What a vault on this server has for its address if the request names none.
const OWN_ADDRESS: &str = "http://127.0.0.1:8060/";

#[derive(Clone, Deserialize)]
#[serde(from = "Form")]
pub struct Template(Terms);

#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Terms {
    description: String,
    /// `comet` for a vault on this server, anything else for one on S3.
    #[serde(rename = "Type")]
    kind: String,
    storage_limit_enabled: bool,
    storage_limit_bytes: i64,
    rebrand_storage: bool,
    #[serde(rename = "OrganizationID")]
    organization: String,
}

/// In a test's set-up: all of it, or just the description.
#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Description(String),
    Terms(Terms),
}

impl From<Form> for Template {
    fn from(form: Form) -> Self {
        let terms = match form {
            Form::Terms(terms) => terms,
            Form::Description(description) => Terms {
                description,
                ..Terms::default()
            },
        };
        Self(terms)
    }
}

pub fn providers(comet: &mut Comet, call: &Call) -> Reply {
    let narrowed = call.target_organization(comet)?;
    let names = comet
        .templates
        .iter()
        .filter(|(_, Template(terms))| narrowed.is_empty() || terms.organization == narrowed)
        .map(|(id, Template(terms))| (id.as_str(), text::quoted(&terms.description)));
    let map = text::object(names);
    Ok(Done::document(comet.or_null(map)))
}

/// Adds another vault to the account, at each call.
pub fn request(comet: &mut Comet, call: &Call) -> Reply {
    let name = call.required("TargetUser")?;
    let provider = call.required("StorageProvider")?;
    if comet.has(Version(23, 6, 0)) && call.caller.is_denied("PreventRequestStorageVault") {
        return Err(Refusal::NotPermitted);
    }
    let checks_hash = comet.has(Version(25, 6, 8));
    let account = comet.account(&call.caller, name)?;
    let known_hash = call.optional("ProfileHash");
    if checks_hash && !known_hash.is_empty() && known_hash != account.hash() {
        return Err(Refusal::StaleHash);
    }
    let organization = account.organization();
    let profile = account.profile().to_owned();
    let terms = match comet.templates.get(provider) {
        Some(Template(terms)) if terms.organization == organization => terms.clone(),
        _ => return Err(Refusal::UnknownProvider),
    };

    let id = comet.next_guid();
    let vault = compose(comet, call, &terms);
    let vaults = text::get(&profile, "Destinations").unwrap_or("{}");
    let vaults = text::set(vaults, &id, &vault);
    comet.store(name, text::set(&profile, "Destinations", &vaults));

    let mut members = Vec::new();
    if comet.has(Version(19, 8, 0)) {
        members.push(("DestinationID", text::quoted(&id)));
    }
    members.extend(accounts::new_state(comet, name));
    Ok(Done::ok_with(members))
}

fn compose(comet: &Comet, call: &Call, terms: &Terms) -> String {
    let mut vault = schema::prune("vault", &text::compact(SKELETON), comet.version);
    if comet.version.answers_null_for_empty() {
        vault = profile::with_nulls(&vault);
    }
    let now = comet.now().to_string();
    let on_this_server = matches!(terms.kind.as_str(), "" | "comet");
    let mut fields = vec![
        ("Description", text::quoted(&terms.description)),
        ("CreateTime", now.clone()),
        ("ModifyTime", now),
        (
            "StorageLimitEnabled",
            terms.storage_limit_enabled.to_string(),
        ),
        ("StorageLimitBytes", terms.storage_limit_bytes.to_string()),
    ];
    if on_this_server {
        let address = match call.optional("SelfAddress") {
            "" => OWN_ADDRESS,
            address => address,
        };
        fields.extend([
            ("DestinationType", "1003".to_owned()),
            ("CometServer", text::quoted(address)),
            ("CometBucket", text::quoted(&random::guid())),
            ("CometBucketKey", text::quoted(&random::key(44))),
        ]);
    } else {
        fields.extend([
            ("DestinationType", "1000".to_owned()),
            ("S3Server", text::quoted("s3.example-cloud.com")),
            ("S3UsesTLS", "true".to_owned()),
            ("S3AccessKey", text::quoted(&random::key(20))),
            ("S3SecretKey", text::quoted(&random::key(40))),
            ("S3BucketName", text::quoted(&random::guid())),
        ]);
    }
    if comet.has(Version(20, 9, 1)) {
        fields.push(("RebrandStorage", terms.rebrand_storage.to_string()));
    }
    let device = call.optional("DeviceID");
    if !device.is_empty() && comet.has(Version(24, 12, 2)) {
        fields.push((
            "AssociatedDevices",
            text::list([text::quoted(device).as_str()]),
        ));
    }
    fields.into_iter().fold(vault, |vault, (name, value)| {
        text::set(&vault, name, &value)
    })
}
