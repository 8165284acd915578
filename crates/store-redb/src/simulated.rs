//! A disk in memory that can be unplugged, filled up and broken, for tests and the simulator.
//!
//! It has two images: what a process sees (live) and what survives a power cut (durable). A sync moves everything
//! written before it from one to the other. A power cut keeps any part of what was not synced: each write is kept,
//! dropped, or torn into sectors of which any may have arrived, as chance decides. A later write may be there without an
//! earlier one: that is every order in which a disk may empty its cache.

use rand_core::RngCore;
use redb::{BackendError, StorageBackend};
use std::{
    collections::BTreeSet,
    fmt, io,
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A disk writes whole sectors: a write can be torn between two of them, never inside one.
const SECTOR: usize = 512;
/// What a file system gives out.
const BLOCK: usize = 4096;

/// The disk. Clones are the same disk; [`SimulatedDisk::backend`] plugs it into a database.
#[derive(Clone, Default)]
pub struct SimulatedDisk(Arc<Mutex<Platter>>);

#[derive(Default)]
struct Platter {
    live: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Change>,
    syncs: u64,
    cut_at: Option<u64>,
    failing: Option<(u64, io::ErrorKind)>,
    /// Blocks that hold something; a file system gives them out at the first write, not when a file grows.
    allocated: BTreeSet<usize>,
    is_full: bool,
    /// Syncs succeed and move nothing.
    lies: bool,
    /// Backends of an earlier life answer nothing any more.
    life: u64,
    is_off: bool,
}

enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Resize(usize),
}

impl SimulatedDisk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Something for [`RelayFile::open_with_backend`](crate::RelayFile::open_with_backend). One database at a time may
    /// use the disk: its locks are always granted.
    pub fn backend(&self) -> impl StorageBackend + use<> {
        Plugged { disk: self.clone(), life: self.lock().life }
    }

    /// How often the disk was synced since it was made.
    pub fn syncs(&self) -> u64 {
        self.lock().syncs
    }

    /// The power goes when the disk is asked to sync for the `sync`th time since it was made (counted from 1): that
    /// sync does not happen, and every call from then on fails.
    pub fn cut_power_at_sync(&self, sync: u64) {
        self.lock().cut_at = Some(sync);
    }

    /// The power goes now.
    pub fn cut_power(&self) {
        self.lock().is_off = true;
    }

    /// The power is back: `rng` decides which of the unsynced writes arrived. Databases that were open stay dead.
    pub fn restore_power(&self, rng: &mut dyn RngCore) {
        let mut platter = self.lock();
        let unsynced = std::mem::take(&mut platter.unsynced);
        let mut image = std::mem::take(&mut platter.durable);
        for change in unsynced {
            match (rng.next_u32() % 3, change) {
                (0, _) => {}
                (1, Change::Write { offset, bytes }) => {
                    for (sector, part) in bytes.chunks(SECTOR).enumerate() {
                        if rng.next_u32().is_multiple_of(2) {
                            write(&mut image, offset + sector * SECTOR, part);
                        }
                    }
                }
                (_, change) => change.carry_out(&mut image),
            }
        }
        platter.allocated = (0..image.len().div_ceil(BLOCK)).collect();
        platter.live = image.clone();
        platter.durable = image;
        platter.cut_at = None;
        platter.failing = None;
        platter.is_off = false;
        platter.life += 1;
    }

    /// The next `times` writes, resizes and syncs fail with an error of this kind, and do nothing.
    pub fn fail_writes(&self, times: u64, kind: io::ErrorKind) {
        self.lock().failing = Some((times, kind));
    }

    /// Fills the disk up, or makes room again. As on a real one, a full disk takes writes over what it holds already
    /// and lets a file grow; it refuses the first write into the new part.
    pub fn fill_up(&self, is_full: bool) {
        self.lock().is_full = is_full;
    }

    /// From now on syncs answer at once and do nothing, as disks with a volatile cache and no honour do. No database
    /// survives that; it shows that a test would notice.
    pub fn lie_about_syncs(&self) {
        self.lock().lies = true;
    }

    /// What a process sees on the disk now.
    pub fn image(&self) -> Vec<u8> {
        self.lock().live.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SimulatedDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let platter = self.lock();
        write!(f, "SimulatedDisk({} bytes, {} syncs)", platter.live.len(), platter.syncs)
    }
}

impl Change {
    fn carry_out(self, image: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => write(image, offset, &bytes),
            Self::Resize(len) => image.resize(len, 0),
        }
    }
}

fn write(image: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset.saturating_add(bytes.len());
    if image.len() < end {
        image.resize(end, 0);
    }
    if let Some(place) = image.get_mut(offset..end) {
        place.copy_from_slice(bytes);
    }
}

impl Platter {
    fn may_fail(&mut self) -> io::Result<()> {
        match &mut self.failing {
            Some((times, kind)) if *times > 0 => {
                *times -= 1;
                Err(io::Error::new(*kind, "a simulated failure"))
            }
            _ => Ok(()),
        }
    }

    fn allocate(&mut self, offset: usize, len: usize) -> io::Result<()> {
        for block in offset / BLOCK..(offset + len).div_ceil(BLOCK) {
            if self.is_full && !self.allocated.contains(&block) {
                return Err(io::Error::new(io::ErrorKind::StorageFull, "the simulated disk is full"));
            }
            self.allocated.insert(block);
        }
        Ok(())
    }
}

/// The disk, as one database sees it.
#[derive(Debug)]
struct Plugged {
    disk: SimulatedDisk,
    life: u64,
}

impl Plugged {
    fn powered(&self) -> io::Result<MutexGuard<'_, Platter>> {
        let platter = self.disk.lock();
        if platter.is_off || platter.life != self.life {
            return Err(io::Error::other("the simulated disk has no power"));
        }
        Ok(platter)
    }
}

impl StorageBackend for Plugged {
    fn len(&self) -> io::Result<u64> {
        Ok(self.powered()?.live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let platter = self.powered()?;
        let from = offset as usize;
        let bytes = from.checked_add(out.len()).and_then(|end| platter.live.get(from..end));
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut platter = self.powered()?;
        platter.may_fail()?;
        platter.live.resize(len as usize, 0);
        platter.allocated.retain(|block| block * BLOCK < len as usize);
        platter.unsynced.push(Change::Resize(len as usize));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut platter = self.powered()?;
        platter.may_fail()?;
        platter.syncs += 1;
        if platter.cut_at.is_some_and(|cut| platter.syncs >= cut) {
            platter.is_off = true;
            return Err(io::Error::other("the power was cut during a sync"));
        }
        if platter.lies {
            return Ok(());
        }
        let unsynced = std::mem::take(&mut platter.unsynced);
        let mut durable = std::mem::take(&mut platter.durable);
        unsynced.into_iter().for_each(|change| change.carry_out(&mut durable));
        platter.durable = durable;
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut platter = self.powered()?;
        platter.may_fail()?;
        platter.allocate(offset as usize, data.len())?;
        write(&mut platter.live, offset as usize, data);
        platter.unsynced.push(Change::Write { offset: offset as usize, bytes: data.to_vec() });
        Ok(())
    }

    // One database at a time, so that every lock is free.

    fn try_lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn try_lock_shared_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn lock_shared_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn unlock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn query_lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(false)
    }
}
