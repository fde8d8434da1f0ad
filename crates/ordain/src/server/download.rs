//! Files that are written while they are sent.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use std::fmt::Display;
use std::io::{self, BufWriter, Write};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

/// Bytes of a piece, and pieces that wait for a slow reader.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 4;

pub type Out = BufWriter<Pieces>;

/// A file that breaks off is no file: the connection is cut, so that nobody takes the half for the whole.
pub fn download<E: Display>(
    media_type: &'static str,
    name: &str,
    write: impl FnOnce(Out) -> Result<(), E> + Send + 'static,
) -> Response {
    let (to, pieces): (Sender<io::Result<Bytes>>, Receiver<_>) = channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let out = BufWriter::with_capacity(PIECE, Pieces(to.clone()));
        if let Err(error) = write(out) {
            tracing::warn!(%error, "download broken off");
            // Nobody is left to be told if the reader has gone.
            let _ = to.blocking_send(Err(io::Error::other(error.to_string())));
        }
    });
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, Body::from_stream(ReceiverStream::new(pieces))).into_response()
}

/// Hands pieces to whoever reads, and waits where that is slow.
pub struct Pieces(Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0.blocking_send(Ok(Bytes::copy_from_slice(piece))).map_err(gone)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
