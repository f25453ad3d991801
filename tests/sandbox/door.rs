//! The port that clients come to. It can be shut: then whoever comes is refused, as by a server that is down.

use std::io;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::connection;

type Serve = Arc<dyn Fn(TcpStream, u64) + Send + Sync>;

pub struct Door {
    port: u16,
    serve: Serve,
    keeper: Mutex<Option<Keeper>>,
    inside: Arc<Mutex<Vec<(u64, TcpStream)>>>,
}

/// Lets clients in while the door is open.
struct Keeper {
    thread: JoinHandle<()>,
    leaves: Arc<AtomicBool>,
}

impl Door {
    /// Takes a free loopback port and serves each connection to it in a thread of its own.
    pub fn open_anywhere(
        serve: impl Fn(TcpStream, u64) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let door = Self {
            port: listener.local_addr()?.port(),
            serve: Arc::new(serve),
            keeper: Mutex::new(None),
            inside: Arc::default(),
        };
        *lock(&door.keeper) = Some(door.keeper_of(listener)?);
        Ok(door)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Open already: nothing happens.
    pub fn open(&self) -> io::Result<()> {
        let mut keeper = lock(&self.keeper);
        if keeper.is_none() {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))?;
            *keeper = Some(self.keeper_of(listener)?);
        }
        Ok(())
    }

    /// When this returns the port refuses, and no connection goes on but that of the client who is being answered.
    pub fn shut(&self, but: Option<u64>) {
        let Some(keeper) = lock(&self.keeper).take() else {
            return;
        };
        keeper.leaves.store(true, Ordering::Release);
        // The keeper waits for somebody to come.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        let _ = keeper.thread.join();
        for (number, stream) in lock(&self.inside).iter() {
            if Some(*number) != but {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }

    fn keeper_of(&self, listener: TcpListener) -> io::Result<Keeper> {
        let leaves = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&leaves);
        let serve = Arc::clone(&self.serve);
        let inside = Arc::clone(&self.inside);
        let thread = thread::Builder::new().spawn(move || {
            loop {
                let arrived = listener.accept();
                if told.load(Ordering::Acquire) {
                    return;
                }
                match arrived {
                    Ok((stream, _)) => let_in(stream, &serve, &inside),
                    // Out of file descriptors: wait for some to be given back.
                    Err(_) => thread::sleep(Duration::from_millis(10)),
                }
            }
        })?;
        Ok(Keeper { thread, leaves })
    }
}

fn let_in(stream: TcpStream, serve: &Serve, inside: &Arc<Mutex<Vec<(u64, TcpStream)>>>) {
    let _ = stream.set_nodelay(true);
    let number = connection::next_number();
    let serve = Arc::clone(serve);
    let inside = Arc::clone(inside);
    if let Ok(copy) = stream.try_clone() {
        lock(&inside).push((number, copy));
    }
    // Where no thread can be had, the client sees its connection closed.
    let _ = thread::Builder::new().spawn(move || {
        serve(stream, number);
        lock(&inside).retain(|(other, _)| *other != number);
    });
}

/// A thread that died under the lock must not take the other clients with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
