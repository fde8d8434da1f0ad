//! The API from outside: a real server on a port of its own over a fresh SQLite file.

mod company;
mod doors;
mod hostile;
mod keys;
mod review;
mod rights;
mod views;
