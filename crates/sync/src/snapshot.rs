//! A state of the books to start from.

use std::path::Path;

use crate::error::StoreError;
use crate::store::Store;

pub(crate) fn rebase(_: &Store, file: &Path) -> Result<(), StoreError> {
    let detail = "starting again from a snapshot comes with the next commit".to_owned();
    Err(StoreError::Backup { file: file.to_path_buf(), detail })
}
