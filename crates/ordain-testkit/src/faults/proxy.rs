//! A bad network: a proxy on loopback that passes on what it hears, late, by half, byte by byte or not at all. What befalls
//! a connection is drawn from a seed in the order in which connections come.

use super::dice::Dice;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// What the network does to what is sent, from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Calm,
    /// Every piece is so many milliseconds on its way.
    Late(u64),
    /// Of a thousand pieces so many end their connection without a word.
    Reset(u64),
    /// Of a thousand pieces so many are the last that pass: nothing comes any more, and nobody hangs up.
    Mute(u64),
    /// As [`Self::Mute`], but the far side has noticed and hangs up, as a server does that asks whether its clients still
    /// are there.
    Lost(u64),
    /// Of a thousand answers so many end in the middle.
    Cut(u64),
    /// Byte by byte, with so many milliseconds between them.
    Trickle(u64),
}

/// A running proxy. It ends when it is dropped, and every connection with it.
pub struct Proxy {
    pub port: u16,
    state: Arc<State>,
    runtime: Option<Runtime>,
}

struct State {
    to: SocketAddr,
    seed: u64,
    weather: Mutex<Weather>,
    /// Connections that were cut, reset or fell mute.
    hurt: AtomicU64,
}

impl State {
    fn weather(&self) -> Weather {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Proxy {
    /// To a port of this machine.
    ///
    /// # Panics
    /// If there is no port or thread for it.
    pub fn to(port: u16, seed: u64) -> Self {
        let state = State {
            to: SocketAddr::from(([127, 0, 0, 1], port)),
            seed,
            weather: Mutex::new(Weather::Calm),
            hurt: AtomicU64::new(0),
        };
        let state = Arc::new(state);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a thread");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        runtime.spawn(accept(listener, Arc::clone(&state)));
        Self { port, state, runtime: Some(runtime) }
    }

    pub fn set(&self, weather: Weather) {
        *self.state.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }

    /// How many connections did not end as their two sides wanted.
    pub fn hurt(&self) -> u64 {
        self.state.hurt.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    for n in 0.. {
        let Ok((near, _)) = listener.accept().await else { return };
        let (state, dice) = (Arc::clone(&state), Dice::new(state.seed.wrapping_mul(1_000_003) + n));
        tokio::spawn(async move {
            // Nobody behind the proxy: as without one, the connection is refused.
            let Ok(far) = TcpStream::connect(state.to).await else { return };
            join(near, far, &state, dice).await;
        });
    }
}

/// How a way ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// One side hung up.
    Over,
    Reset,
    /// Whatever else is sent is heard by nobody, and nobody is told.
    Mute,
    /// As that, but the far side hangs up.
    Lost,
}

async fn join(near: TcpStream, far: TcpStream, state: &State, dice: Dice) {
    // Small pieces are sent as they come; a kernel that will not is slower and no worse.
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let other = Dice::new(dice.clone().next_u64());
    let (mut there, mut back) = (Way::new(near_in, far_out, dice), Way::new(far_in, near_out, other));
    back.answers = true;
    let end = tokio::select! {
        end = there.pass(state) => end,
        end = back.pass(state) => end,
    };
    if end != End::Over {
        state.hurt.fetch_add(1, Ordering::SeqCst);
    }
    match end {
        End::Over => {}
        End::Reset => {
            for out in [&there.to, &back.to] {
                let stream: &TcpStream = out.as_ref();
                // It closes without a word at the latest when it is dropped.
                let _ = stream.set_zero_linger();
            }
        }
        // Both sockets stay open until the proxy goes.
        End::Mute => std::future::pending().await,
        End::Lost => {
            drop((there.to, back.from));
            std::future::pending().await
        }
    }
}

/// One direction of a connection.
struct Way {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    dice: Dice,
    answers: bool,
}

impl Way {
    fn new(from: OwnedReadHalf, to: OwnedWriteHalf, dice: Dice) -> Self {
        Self { from, to, dice, answers: false }
    }

    async fn pass(&mut self, state: &State) -> End {
        let mut piece = vec![0; 16 * 1_024];
        loop {
            let read = self.from.read(&mut piece).await.unwrap_or(0);
            let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else { return End::Over };
            let passed = match state.weather() {
                Weather::Reset(permille) if self.strikes(permille) => return End::Reset,
                Weather::Mute(permille) if self.strikes(permille) => return End::Mute,
                Weather::Lost(permille) if self.strikes(permille) => return End::Lost,
                Weather::Cut(permille) if self.answers && self.strikes(permille) => {
                    let half = piece.get(..read / 2).unwrap_or(piece);
                    // Whether the half arrives or not, it is the end.
                    let _ = self.to.write_all(half).await;
                    state.hurt.fetch_add(1, Ordering::SeqCst);
                    return End::Over;
                }
                Weather::Late(ms) => {
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                    self.to.write_all(piece).await
                }
                Weather::Trickle(ms) => self.trickle(piece, ms).await,
                _ => self.to.write_all(piece).await,
            };
            if passed.is_err() {
                return End::Over;
            }
        }
    }

    fn strikes(&mut self, permille: u64) -> bool {
        self.dice.below(1_000) < permille
    }

    async fn trickle(&mut self, piece: &[u8], ms: u64) -> std::io::Result<()> {
        for byte in piece {
            self.to.write_all(std::slice::from_ref(byte)).await?;
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
        Ok(())
    }
}
