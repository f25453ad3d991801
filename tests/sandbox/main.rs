//! The sandbox: a stand-in for the Jetpack partner licensing API and for a Comet Server, for demo and tests.

mod answer;
mod api;
mod body;
mod comet;
mod connection;
mod control;
mod delivery;
mod door;
mod families;
mod faults;
mod latency;
mod license_list;
mod repeat;
mod request;
mod service;
mod sites;
mod state;
mod tls;
mod transcript;

use std::io::{self, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::{env, fs, process};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::comet::state::Comet;
use crate::connection::{Ending, Peer};
use crate::door::Door;
use crate::faults::Faults;
use crate::latency::Latency;
use crate::state::{Setup, State};
use crate::transcript::Transcript;

/// What all connections share.
pub struct Sandbox {
    world: Mutex<World>,
    /// Where clients come in that speak plain HTTP. Set before the first of them is answered.
    door: OnceLock<Door>,
}

pub struct World {
    pub state: State,
    pub comet: Comet,
    pub transcript: Transcript,
    pub faults: Faults,
    /// Requests that came and have not been dealt with: their client may have given up on them.
    pub under_way: usize,
    pub latency: Latency,
}

impl Sandbox {
    /// A thread that died under the lock must not take the other clients with it.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The door is shut to all but the client that is being answered.
    pub fn shut_door(&self, but: Option<u64>) {
        if let Some(door) = self.door.get() {
            door.shut(but);
        }
    }

    pub fn open_door(&self) -> io::Result<()> {
        self.door.get().map_or(Ok(()), Door::open)
    }
}

fn main() -> Result<()> {
    let dir = directory_from_arguments()?;
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let card = dir.join("sandbox.json");
    // The card of an earlier run would send a waiting test to dead ports.
    let _ = fs::remove_file(&card);

    let identity = tls::Identity::generate()?;
    let ca_file = dir.join("ca.pem");
    fs::write(&ca_file, &identity.ca_pem)?;

    let sandbox = Arc::new(Sandbox {
        world: Mutex::new(World {
            state: State::new(Setup::default())?,
            comet: Comet::from_setup(b"{}")?,
            transcript: Transcript::default(),
            faults: Faults::default(),
            under_way: 0,
            latency: Latency::default(),
        }),
        door: OnceLock::new(),
    });

    let shared = Arc::clone(&sandbox);
    let http = Door::open_anywhere(move |stream, number| serve(stream, number, &shared))?;
    let http = sandbox.door.get_or_init(|| http).port();
    // Stays open while the other is shut.
    let shared = Arc::clone(&sandbox);
    let control = Door::open_anywhere(move |stream, number| serve(stream, number, &shared))?;
    let shared = Arc::clone(&sandbox);
    let https = Door::open_anywhere(move |stream, number| {
        serve_tls(stream, number, &identity, &shared);
    })?;

    let announcement = json!({
        "http": format!("http://127.0.0.1:{http}"),
        "https": format!("https://localhost:{}", https.port()),
        "control": format!("http://127.0.0.1:{}", control.port()),
        "ca_file": ca_file,
        "pid": process::id(),
    });
    write_whole(&card, &format!("{announcement}\n"))?;
    let mut stdout = io::stdout();
    writeln!(stdout, "ready")?;
    stdout.flush()?;

    // Standard input ends with the process that holds its other end, and so does the sandbox.
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

fn directory_from_arguments() -> Result<PathBuf> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    match arguments.as_slice() {
        [flag, dir] if flag == "--dir" => Ok(std::path::absolute(dir)?),
        _ => bail!("usage: licensing-sandbox --dir DIR"),
    }
}

fn serve(mut stream: TcpStream, number: u64, sandbox: &Sandbox) {
    let peer = Peer {
        number,
        tls: false,
        resumed: false,
    };
    connection::serve(&mut stream, peer, sandbox);
}

fn serve_tls(stream: TcpStream, number: u64, identity: &tls::Identity, sandbox: &Sandbox) {
    let latency = sandbox.world().latency;
    latency.of_connection();
    let Ok((mut stream, resumed)) = identity.accept(stream) else {
        return;
    };
    let peer = Peer {
        number,
        tls: true,
        resumed,
    };
    if connection::serve(&mut stream, peer, sandbox) == Ending::Orderly {
        stream.conn.send_close_notify();
        let _ = stream.flush();
    }
}

/// A reader finds either no file or all of it.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let temporary = path.with_extension("json.new");
    fs::write(&temporary, text)?;
    fs::rename(&temporary, path)?;
    Ok(())
}
