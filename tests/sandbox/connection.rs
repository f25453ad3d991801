//! One client connection: its requests are answered in turn until one side closes it.

use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::answer::{Answer, Manner};
use crate::faults::Fault;
use crate::request::Request;
use crate::service::Service;
use crate::{Sandbox, control, delivery};

#[derive(Clone, Copy)]
pub struct Peer {
    pub number: u64,
    pub tls: bool,
    /// The TLS session of an earlier connection goes on.
    pub resumed: bool,
}

#[derive(PartialEq)]
pub enum Ending {
    /// Over TLS, the close is announced to the client.
    Orderly,
    Abrupt,
}

/// Numbers go on over a reset, so that a connection which outlives one keeps its own.
pub fn next_number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

pub fn serve<S: Read + Write>(stream: &mut S, peer: Peer, sandbox: &Sandbox) -> Ending {
    let mut stream = BufReader::new(stream);
    answer_all(&mut stream, peer, sandbox).unwrap_or_else(|error| {
        if error.kind() == ErrorKind::InvalidData {
            let refusal = Answer::error(400, "bad_request", &error.to_string());
            let _ = refusal.write(stream.get_mut(), Manner::Whole, false, false);
        }
        Ending::Abrupt
    })
}

fn answer_all<S: Read + Write>(
    stream: &mut BufReader<S>,
    peer: Peer,
    sandbox: &Sandbox,
) -> io::Result<Ending> {
    let mut first = true;
    while let Some(request) = Request::read(stream)? {
        let for_control = control::is_control(&request) && !peer.tls;
        if !for_control {
            be_distant(sandbox, peer, first);
        }
        first = false;

        let (answer, manner) = if for_control {
            (control::answer(sandbox, &request), Manner::Whole)
        } else {
            match answer_api(sandbox, &request, peer) {
                Some(delivery) => delivery,
                None => return Ok(Ending::Abrupt),
            }
        };
        if !for_control {
            let answered = answer.size(request.keep_alive);
            sandbox
                .world()
                .transcript
                .count_bytes(request.size, answered);
        }
        let head_only = request.method == "HEAD";
        answer.write(stream.get_mut(), manner, request.keep_alive, head_only)?;
        match manner {
            Manner::Cut(_) => return Ok(Ending::Abrupt),
            Manner::ThenClose => return Ok(Ending::Orderly),
            _ if !request.keep_alive => return Ok(Ending::Orderly),
            _ => {}
        }
    }
    Ok(Ending::Orderly)
}

fn be_distant(sandbox: &Sandbox, peer: Peer, is_new: bool) {
    let latency = {
        let mut world = sandbox.world();
        if is_new {
            world.transcript.count_connection(peer.resumed);
        }
        world.latency
    };
    if is_new && !peer.tls {
        latency.of_connection();
    }
    latency.of_request();
}

/// `None` where the client is to get no answer.
fn answer_api(sandbox: &Sandbox, request: &Request, peer: Peer) -> Option<(Answer, Manner)> {
    let service = Service::of(request);
    let (id, mut fault) = {
        let mut world = sandbox.world();
        world.under_way += 1;
        let fault = world.faults.take(request);
        let name = fault.as_ref().map(Fault::name);
        let details = service.details(&world, request);
        let id = world.transcript.open(request, peer, name, service, details);
        (id, fault)
    };
    let shuts_door = matches!(fault, Some(Fault::ShutDoor));
    let disturbance = fault.as_mut().and_then(Fault::take_disturbance);
    let act = || {
        let mut world = sandbox.world();
        // A request from before a reset must not touch what the reset has set up.
        if !world.transcript.holds(&id) {
            return service.error(503, "sandbox_reset", "The sandbox was reset meanwhile.");
        }
        if let Some(change) = &disturbance {
            service.disturb(&mut world, request, change);
        }
        let outcome = service.respond(&mut world, request);
        world.transcript.note_acted(&id, outcome.acted);
        outcome.answer
    };
    let delivery = delivery::deliver(fault, service, act);
    sandbox.world().under_way -= 1;
    let (answer, manner) = delivery?;
    if shuts_door {
        sandbox.shut_door(Some(peer.number));
    }
    // Noted before it is sent: who has the answer in hand must find it in the transcript.
    let mut world = sandbox.world();
    world.transcript.note_status(&id, answer.status);
    Some((service.label(answer, id, &world), manner))
}
