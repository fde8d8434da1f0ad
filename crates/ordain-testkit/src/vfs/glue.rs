//! The C side of the VFS: each function turns pointers into a call of the model.
//!
//! Safety, for the whole file: SQLite hands a function only what the function before it made. `file` is memory of
//! `szOsFile` bytes in which `open` has put a [`Handle`]; names end with a NUL and live as long as their file;
//! buffers have the length that is passed along.

use super::disk::{Disk, Refused};
use super::locks::{Own, Sharing};
use super::{NAME, resolve};
use rusqlite::ffi;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::{Arc, OnceLock};

#[repr(C)]
struct Handle {
    base: ffi::sqlite3_file,
    opened: *mut Opened,
}

struct Opened {
    disk: Arc<Disk>,
    name: String,
    sharing: Arc<Sharing>,
    own: Own,
    delete_on_close: bool,
}

/// Makes the VFS known to SQLite, once per process.
///
/// # Errors
/// If SQLite refuses it.
pub fn register() -> Result<(), String> {
    static DONE: OnceLock<c_int> = OnceLock::new();
    let code = *DONE.get_or_init(|| {
        let name = std::ffi::CString::new(NAME).unwrap_or_default().into_raw();
        let vfs = Box::leak(Box::new(ffi::sqlite3_vfs {
            iVersion: 2,
            szOsFile: size_of::<Handle>() as c_int,
            mxPathname: 512,
            pNext: std::ptr::null_mut(),
            zName: name,
            pAppData: std::ptr::null_mut(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: None,
            xGetLastError: Some(last_error),
            xCurrentTimeInt64: Some(current_time),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: the structure is leaked, so it outlives every connection.
        unsafe { ffi::sqlite3_vfs_register(vfs, 0) }
    });
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(format!("SQLite refuses the VFS: {code}")) }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Opened {
    // SAFETY: `open` put a handle there, and SQLite uses a file from one thread at a time.
    unsafe { &mut *(*file.cast::<Handle>()).opened }
}

unsafe fn text<'a>(name: *const c_char) -> &'a str {
    // SAFETY: see the head of this file.
    unsafe { CStr::from_ptr(name) }.to_str().unwrap_or_default()
}

fn code(done: Result<(), Refused>, failed: c_int) -> c_int {
    match done {
        Ok(()) => ffi::SQLITE_OK,
        Err(Refused::Full) => ffi::SQLITE_FULL,
        Err(Refused::Failed) => failed,
    }
}

fn index(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let handle = file.cast::<Handle>();
    // SAFETY: see the head of this file. Without methods SQLite does not close what was not opened.
    unsafe { (*handle).base.pMethods = std::ptr::null() };
    if name.is_null() {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: as above.
    let Some((disk, name)) = resolve(unsafe { text(name) }) else { return ffi::SQLITE_CANTOPEN };
    if disk.open(&name, flags & ffi::SQLITE_OPEN_CREATE != 0) != Ok(true) {
        return ffi::SQLITE_CANTOPEN;
    }
    let sharing = disk.sharing(&name);
    let delete_on_close = flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0;
    let opened = Box::new(Opened { disk, name, sharing, own: Own::default(), delete_on_close });
    // SAFETY: as above.
    unsafe {
        (*handle).opened = Box::into_raw(opened);
        (*handle).base.pMethods = &raw const METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the box was made in `open` and is taken back once.
    let opened = unsafe { Box::from_raw((*file.cast::<Handle>()).opened) };
    if opened.delete_on_close {
        // A file that cannot be deleted because the power is off has gone with it.
        let _ = opened.disk.delete(&opened.name);
    }
    opened.disk.close();
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: see the head of this file.
    let (opened, buffer) =
        unsafe { (opened(file), std::slice::from_raw_parts_mut(buffer.cast::<u8>(), index(amount.into()))) };
    match opened.disk.read(&opened.name, buffer, index(offset)) {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    buffer: *const c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: see the head of this file.
    let (opened, bytes) =
        unsafe { (opened(file), std::slice::from_raw_parts(buffer.cast::<u8>(), index(amount.into()))) };
    code(opened.disk.write(&opened.name, bytes, index(offset)), ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    // SAFETY: see the head of this file.
    let opened = unsafe { opened(file) };
    code(opened.disk.truncate(&opened.name, index(size)), ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let opened = unsafe { opened(file) };
    code(opened.disk.sync(&opened.name), ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    // SAFETY: see the head of this file.
    let opened = unsafe { opened(file) };
    let Ok(found) = opened.disk.size(&opened.name) else { return ffi::SQLITE_IOERR_FSTAT };
    // SAFETY: as above.
    unsafe { *size = i64::try_from(found).unwrap_or(i64::MAX) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let opened = unsafe { opened(file) };
    let done = opened.sharing.lock(&mut opened.own, level);
    if done.is_ok() { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let opened = unsafe { opened(file) };
    opened.sharing.unlock(&mut opened.own, level);
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: see the head of this file.
    unsafe { *out = c_int::from(opened(file).sharing.is_reserved()) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    512
}

unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    // As SQLite assumes on Unix: a torn write does not spoil bytes beside it.
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: see the head of this file.
    let opened = unsafe { opened(file) };
    let (region, size) = (index(region.into()), index(size.into()));
    let found = opened.sharing.region(&mut opened.own, region, size, extend != 0);
    // SAFETY: as above; a region stays until every connection has unmapped it.
    unsafe { *out = found.map_or(std::ptr::null_mut(), <*mut u64>::cast) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(file: *mut ffi::sqlite3_file, from: c_int, n: c_int, flags: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let opened = unsafe { opened(file) };
    let (from, n) = (index(from.into()), index(n.into()));
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        opened.sharing.unlock_slots(&mut opened.own, from, n);
        return ffi::SQLITE_OK;
    }
    let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    let done = opened.sharing.lock_slots(&mut opened.own, from, n, exclusive);
    if done.is_ok() { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let opened = unsafe { opened(file) };
    opened.sharing.unmap(&mut opened.own);
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, _: c_int) -> c_int {
    // SAFETY: see the head of this file.
    let Some((disk, name)) = resolve(unsafe { text(name) }) else { return ffi::SQLITE_IOERR_DELETE };
    match disk.delete(&name) {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_IOERR_DELETE_NOENT,
        Err(_) => ffi::SQLITE_IOERR_DELETE,
    }
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: see the head of this file.
    let found = resolve(unsafe { text(name) }).is_some_and(|(disk, name)| disk.exists(&name));
    // SAFETY: as above.
    unsafe { *out = c_int::from(found) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: see the head of this file.
    let bytes = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if bytes.len() > index(room.into()) {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: there is room, as was just looked at.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), out.cast::<u8>(), bytes.len()) };
    ffi::SQLITE_OK
}

/// The system's own VFS, for chance, sleep and time.
fn system() -> *mut ffi::sqlite3_vfs {
    // SAFETY: SQLite always has a default VFS, and it is never taken away.
    unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) }
}

unsafe extern "C" fn randomness(_: *mut ffi::sqlite3_vfs, n: c_int, out: *mut c_char) -> c_int {
    let system = system();
    // SAFETY: the arguments are passed through to a VFS that takes the same.
    unsafe { (*system).xRandomness.map_or(0, |ask| ask(system, n, out)) }
}

unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    let system = system();
    // SAFETY: as in `randomness`.
    unsafe { (*system).xSleep.map_or(0, |ask| ask(system, microseconds)) }
}

unsafe extern "C" fn current_time(_: *mut ffi::sqlite3_vfs, out: *mut i64) -> c_int {
    let system = system();
    // SAFETY: as in `randomness`.
    unsafe { (*system).xCurrentTimeInt64.map_or(ffi::SQLITE_ERROR, |ask| ask(system, out)) }
}

unsafe extern "C" fn last_error(_: *mut ffi::sqlite3_vfs, _: c_int, _: *mut c_char) -> c_int {
    0
}
