//! Writes that nobody waits for any more and that may still land (security F38).
//!
//! A secret whose write was given up may be taken out of Entra again, and its item deleted. A write that lands after
//! that would leave a value that opens nothing, so it is removed as soon as it lands.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::item::ItemName;
use crate::worker::Abandoned;

/// The writes that are under way on any of the keychain's threads: hardly ever more than a few.
#[derive(Default)]
pub(crate) struct LateWrites {
    list: Mutex<List>,
}

#[derive(Default)]
struct List {
    number: u64,
    writes: Vec<Write>,
}

struct Write {
    number: u64,
    name: ItemName,
    abandoned: Abandoned,
    withdrawn: bool,
}

impl LateWrites {
    /// Notes a write until the guard is dropped.
    pub(crate) fn begin(self: &Arc<Self>, name: &ItemName, abandoned: &Abandoned) -> Writing {
        let mut list = self.lock();
        list.number += 1;
        let number = list.number;
        list.writes.push(Write { number, name: name.clone(), abandoned: abandoned.clone(), withdrawn: false });
        drop(list);
        Writing { late: Arc::clone(self), number }
    }

    /// From now on no given-up write to `name` is to stay.
    pub(crate) fn withdraw(&self, name: &ItemName) {
        for write in &mut self.lock().writes {
            if write.name == *name && write.abandoned.is_set() {
                write.withdrawn = true;
            }
        }
    }

    /// Whether a write to `name` will be removed when it lands.
    pub(crate) fn is_withdrawn(&self, name: &ItemName) -> bool {
        self.lock().writes.iter().any(|write| write.name == *name && write.withdrawn)
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One write under way.
pub(crate) struct Writing {
    late: Arc<LateWrites>,
    number: u64,
}

impl Writing {
    /// Whether what has landed is to be removed. If not, it no longer counts as under way: whoever deletes the item from
    /// now on finds it.
    pub(crate) fn was_withdrawn(&self) -> bool {
        let mut list = self.late.lock();
        let withdrawn = list.writes.iter().any(|write| write.number == self.number && write.withdrawn);
        if !withdrawn {
            list.writes.retain(|write| write.number != self.number);
        }
        withdrawn
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.late.lock().writes.retain(|write| write.number != self.number);
    }
}
