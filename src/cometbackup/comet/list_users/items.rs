//! The sizes and counts of what an account protects, by its protected items and devices: bytes, Microsoft 365 accounts,
//! guests.
//!
//! Known zero and unknown differ, because both are billed by: an account without items, or without items of an engine,
//! has zero of them, and so has an item that no job ran for. An item whose last job failed, on a server that does not
//! keep the last good one, is not known, and then neither is the sum.

use serde::Deserialize;
use serde::de::MapAccess;
use serde::de::value::MapAccessDeserializer;

use super::Measures;
use super::backups::{Backups, LastJob};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::job;
use crate::json::lenient::{self, EntryValue, FromEntries};

/// What is counted of an item: accounts or guests, by its engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Microsoft365,
    HyperV,
    VMware,
    Proxmox,
}

const ENGINES: [(&str, Counted); 4] = [
    ("engine1/winmsofficemail", Counted::Microsoft365),
    ("engine1/hyperv", Counted::HyperV),
    ("engine1/vmware", Counted::VMware),
    ("engine1/proxmox", Counted::Proxmox),
];

/// The protected items of an account.
#[derive(Default)]
pub struct Items {
    pub count: usize,
    pub backups: Backups,
    protected: Sum,
    counted: [Sum; ENGINES.len()],
    /// Of these the devices may say what the jobs do not.
    waiting: Vec<(String, usize, Figure)>,
    /// An item that may be of any engine.
    has_unknown_engine: bool,
    /// More of them than are kept.
    is_cut: bool,
}

/// The devices of an account.
#[derive(Default)]
pub struct Devices {
    pub count: usize,
    /// What they say of items: accounts or guests, by the item's id.
    counts: Vec<(String, i64)>,
    /// By the device's id.
    names: Vec<(String, String)>,
}

/// A figure of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Known(i64),
    /// The server has no job of it.
    NoJob,
    Unknown,
}

#[derive(Default)]
struct Sum {
    known: Option<i64>,
    has_no_job: bool,
    is_unknown: bool,
}

impl Sum {
    fn add(&mut self, figure: Figure) {
        match figure {
            Figure::Known(number) => match self.known.unwrap_or_default().checked_add(number) {
                Some(sum) => self.known = Some(sum),
                None => self.is_unknown = true,
            },
            Figure::NoJob => self.has_no_job = true,
            Figure::Unknown => self.is_unknown = true,
        }
    }

    /// Items without a job add nothing, unless there are no others.
    const fn total(&self) -> Option<i64> {
        match self.known {
            _ if self.is_unknown => None,
            None if self.has_no_job => None,
            None => Some(0),
            known => known,
        }
    }
}

impl Items {
    /// Returns the figures, with what the devices say where the jobs do not.
    pub fn measures(mut self, devices: Option<&Devices>) -> Measures {
        for (item, engine, otherwise) in &self.waiting {
            let said = devices.and_then(|devices| devices.count_of(item));
            if let Some(sum) = self.counted.get_mut(*engine) {
                sum.add(said.map_or(*otherwise, Figure::Known));
            }
        }
        let of = |counted: Counted| {
            let at = ENGINES.iter().position(|(_, of)| *of == counted)?;
            let sum = self.counted.get(at)?;
            let is_any_other = self.has_unknown_engine || self.is_cut;
            sum.total().filter(|_| !is_any_other)
        };
        Measures {
            protected: self.protected.total(),
            microsoft365_accounts: of(Counted::Microsoft365),
            hyperv_guests: of(Counted::HyperV),
            vmware_guests: of(Counted::VMware),
            proxmox_guests: of(Counted::Proxmox),
            ..Measures::default()
        }
    }

    fn add(&mut self, id: String, item: &Item) {
        self.count += 1;
        self.backups
            .add(item.last_jobs(), &item.description, &item.owner_device);
        self.backups.may_have_better |= item.statistics.is_none();
        let job = item.good_job();
        self.protected.add(job.figure(|job| job.total_size));
        let engine = ENGINES.iter().position(|(name, _)| *name == item.engine);
        let Some(engine) = engine else {
            self.has_unknown_engine |= item.engine.is_empty();
            return;
        };
        let figure = job.figure(|job| match ENGINES.get(engine) {
            Some((_, Counted::Microsoft365)) => job.total_accounts_count,
            _ => job.total_vm_count,
        });
        match (figure, self.counted.get_mut(engine)) {
            (Figure::Known(_), Some(sum)) => sum.add(figure),
            _ if self.waiting.len() < bounds::ITEMS => self.waiting.push((id, engine, figure)),
            _ => self.is_cut = true,
        }
    }
}

impl Devices {
    fn count_of(&self, item: &str) -> Option<i64> {
        let mut counts = self.counts.iter();
        counts.find(|(id, _)| id == item).map(|(_, count)| *count)
    }

    pub fn name_of(&self, device: &str) -> Option<&str> {
        let mut names = self.names.iter();
        let found = names.find(|(id, _)| id == device);
        found.map(|(_, name)| name.as_str())
    }

    /// A zero is what clients write that do not count.
    fn add(&mut self, id: String, name: String, items: DeviceItems) {
        self.count += 1;
        if self.names.len() < bounds::DEVICES && !name.is_empty() {
            self.names.push((id, name));
        }
        let free = bounds::ITEMS.saturating_sub(self.counts.len());
        self.counts.extend(items.0.into_iter().take(free));
    }
}

impl FromEntries for Items {
    fn from_entries<'de, M: MapAccess<'de>>(mut entries: M) -> Result<Self, M::Error> {
        let mut items = Self::default();
        while let Some((id, EntryValue(item))) = entries.next_entry::<String, EntryValue<Item>>()? {
            items.add(id, &item);
        }
        Ok(items)
    }
}

impl FromEntries for Devices {
    fn from_entries<'de, M: MapAccess<'de>>(mut entries: M) -> Result<Self, M::Error> {
        let mut devices = Self::default();
        while let Some((id, EntryValue(device))) =
            entries.next_entry::<String, EntryValue<Device>>()?
        {
            devices.add(id, device.friendly_name, device.sources);
        }
        Ok(devices)
    }
}

#[derive(Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Item {
    #[serde(deserialize_with = "lenient::text")]
    engine: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    #[serde(deserialize_with = "lenient::text")]
    owner_device: String,
    #[serde(deserialize_with = "lenient::maybe_entries")]
    statistics: Option<Statistics>,
}

impl Default for Item {
    /// The server writes no statistics before the first job.
    fn default() -> Self {
        Self {
            engine: String::new(),
            description: String::new(),
            owner_device: String::new(),
            statistics: Some(Statistics::default()),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Statistics {
    #[serde(deserialize_with = "lenient::maybe_entries")]
    last_backup_job: Option<JobFigures>,
    #[serde(deserialize_with = "lenient::maybe_entries")]
    last_successful_backup_job: Option<JobFigures>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct JobFigures {
    #[serde(deserialize_with = "lenient::whole")]
    status: i64,
    #[serde(deserialize_with = "lenient::whole")]
    start_time: i64,
    #[serde(deserialize_with = "lenient::whole")]
    end_time: i64,
    #[serde(deserialize_with = "lenient::maybe_whole")]
    total_size: Option<i64>,
    #[serde(deserialize_with = "lenient::maybe_whole")]
    total_accounts_count: Option<i64>,
    #[serde(deserialize_with = "lenient::maybe_whole")]
    total_vm_count: Option<i64>,
}

/// The job whose figures count.
enum GoodJob<'a> {
    Is(&'a JobFigures),
    NoStatistics,
    NeverRan,
    NotKnown,
}

impl GoodJob<'_> {
    fn figure(&self, of: impl Fn(&JobFigures) -> Option<i64>) -> Figure {
        match self {
            Self::Is(job) => of(job).map_or(Figure::Unknown, Figure::Known),
            Self::NeverRan => Figure::Known(0),
            Self::NoStatistics => Figure::NoJob,
            Self::NotKnown => Figure::Unknown,
        }
    }
}

impl Item {
    /// The last job, and the last good one where the server keeps it.
    fn last_jobs(&self) -> [Option<LastJob>; 2] {
        let statistics = self.statistics.as_ref();
        let of = |job: Option<&JobFigures>| {
            job.map(|job| LastJob {
                status: job.status,
                started: job.start_time,
                // A job that did not end has its start only.
                ended: job.end_time.max(job.start_time),
            })
        };
        [
            of(statistics.and_then(|they| they.last_backup_job.as_ref())),
            of(statistics.and_then(|they| they.last_successful_backup_job.as_ref())),
        ]
    }

    /// A job that failed or was skipped has no figures, so the last good one counts; servers before 21.6 keep the last only.
    fn good_job(&self) -> GoodJob<'_> {
        let Some(statistics) = &self.statistics else {
            return GoodJob::NotKnown;
        };
        let jobs = [
            &statistics.last_successful_backup_job,
            &statistics.last_backup_job,
        ];
        let mut whole = jobs.into_iter().flatten();
        if let Some(job) = whole.find(|job| job::is_whole(job.status)) {
            return GoodJob::Is(job);
        }
        match &statistics.last_backup_job {
            // The server writes zeros where none ran.
            Some(job) if job.status == 0 && job.start_time == 0 => GoodJob::NeverRan,
            Some(_) => GoodJob::NotKnown,
            None => GoodJob::NoStatistics,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Device {
    #[serde(deserialize_with = "lenient::text")]
    friendly_name: String,
    #[serde(deserialize_with = "lenient::entries")]
    sources: DeviceItems,
}

#[derive(Default)]
struct DeviceItems(Vec<(String, i64)>);

/// `SourceBasicInfo`. An item counts accounts or guests, and the other number is 0.
#[derive(Default, Deserialize)]
#[serde(default)]
struct DeviceItem {
    #[serde(rename = "O365AccountCount", deserialize_with = "lenient::whole")]
    accounts: i64,
    #[serde(rename = "TotalVmCount", deserialize_with = "lenient::whole")]
    guests: i64,
}

impl FromEntries for DeviceItems {
    fn from_entries<'de, M: MapAccess<'de>>(mut entries: M) -> Result<Self, M::Error> {
        let mut items = Vec::new();
        while let Some((id, EntryValue(item))) =
            entries.next_entry::<String, EntryValue<DeviceItem>>()?
        {
            let count = item.accounts.max(item.guests);
            if count > 0 && items.len() < bounds::ITEMS {
                items.push((id, count));
            }
        }
        Ok(Self(items))
    }
}

/// Reads a structure from the entries of an object.
macro_rules! from_entries {
    ($($of:ty),*) => {
        $(impl FromEntries for $of {
            fn from_entries<'de, M: MapAccess<'de>>(entries: M) -> Result<Self, M::Error> {
                Self::deserialize(MapAccessDeserializer::new(entries))
            }
        })*
    };
}

from_entries!(Item, Statistics, JobFigures, Device, DeviceItem);
