//! The data folder: which files there are, who holds it, and writing a file whole or not at all.
//!
//! ```text
//! lumbung.db     the database (encrypted)         guard      what the database must at least hold
//! lumbung.lock   held while the store is open     backups/   rolling backups and their manifests
//! node.json      which key opens it, and where    lumbung.key  the key, where no key store answers
//! ```
//!
//! **Invariant:** one process has a folder at a time, and no small file is ever half written.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{StoreError, hex};
use crate::guard::Guard;
use crate::keys::KeyPlace;

const NODE_VERSION: u32 = 1;

/// The files of a data folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    dir: PathBuf,
}

/// What `node.json` says. It holds no secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Node {
    pub version: u32,
    /// Names the key in the key store.
    pub folder_id: String,
    /// Where the key was put.
    pub key_place: KeyPlace,
    /// Recognises the key without revealing it.
    pub key_id: String,
    /// Whether the database is encrypted (only measurements are not).
    pub encrypted: bool,
    /// How often a store in this folder took another series. Kept beside the database, for an older
    /// database would forget the series that were used since.
    #[serde(default)]
    pub rekeys: u32,
}

impl Node {
    pub fn new(key_place: KeyPlace, key_id: String, encrypted: bool) -> Node {
        let folder_id = uuid::Uuid::new_v4().simple().to_string();
        Node { version: NODE_VERSION, folder_id, key_place, key_id, encrypted, rekeys: 0 }
    }
}

impl Folder {
    pub fn new(dir: &Path) -> Folder {
        Folder { dir: dir.to_path_buf() }
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn db(&self) -> PathBuf {
        self.dir.join("lumbung.db")
    }

    pub fn guard(&self) -> PathBuf {
        self.dir.join("guard")
    }

    pub fn backups(&self) -> PathBuf {
        self.dir.join("backups")
    }

    pub fn node(&self) -> PathBuf {
        self.dir.join("node.json")
    }

    pub fn key_file(&self) -> PathBuf {
        self.dir.join("lumbung.key")
    }

    /// Whether there is data here, or was: a folder whose making was cut short is still empty.
    pub fn exists(&self) -> bool {
        let lived =
            || self.backups().is_dir() || Guard::expected(&self.guard()).is_some_and(|c| c.ctr > 0);
        self.db().is_file() || (self.node().is_file() && lived())
    }

    pub fn make(&self) -> Result<(), StoreError> {
        fs::create_dir_all(&self.dir).map_err(StoreError::io("make the folder", &self.dir))
    }

    /// Where a database is made before it is put in place; what an earlier attempt left is removed.
    pub fn clear_fresh_db(&self) -> Result<PathBuf, StoreError> {
        let path = self.dir.join("lumbung.db.new");
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let left = self.dir.join(format!("lumbung.db.new{suffix}"));
            match fs::remove_file(&left) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::io("remove", &left)(error));
                }
                _ => {}
            }
        }
        Ok(path)
    }

    /// Puts a finished database in place.
    pub fn put_db(&self, fresh: &Path) -> Result<(), StoreError> {
        let synced = File::open(fresh).and_then(|file| file.sync_all());
        synced.map_err(StoreError::io("write", fresh))?;
        fs::rename(fresh, self.db()).map_err(StoreError::io("put in place", &self.db()))?;
        sync_folder_of(&self.db())
    }

    /// Takes the folder for this process until the file is dropped.
    pub fn lock(&self) -> Result<File, StoreError> {
        let path = self.dir.join("lumbung.lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(StoreError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { dir: self.dir.clone() }),
            Err(TryLockError::Error(source)) => Err(StoreError::io("lock", &path)(source)),
        }
    }

    /// What the node file says, or its copy beside the backups: without it the key store could not
    /// be asked for the right key.
    pub fn read_node(&self) -> Result<Node, StoreError> {
        let (path, copy) = (self.node(), self.node_copy());
        let text = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::read(&copy).map_err(|_| {
                    let path = path.display();
                    StoreError::damaged(format!("{path} is missing, which says where the key is"))
                })?
            }
            other => other.map_err(StoreError::io("read", &path))?,
        };
        let node: Node = serde_json::from_slice(&text)
            .or_else(|error| {
                let copy = fs::read(&copy).map_err(|_| error)?;
                serde_json::from_slice(&copy)
            })
            .map_err(|error| StoreError::damaged(format!("{}: {error}", path.display())))?;
        if node.version != NODE_VERSION {
            return Err(StoreError::Newer { found: node.version, known: NODE_VERSION });
        }
        Ok(node)
    }

    /// Keeps a copy of the node file beside the backups.
    pub fn copy_node(&self) -> Result<(), StoreError> {
        let path = self.node();
        let text = fs::read(&path).map_err(StoreError::io("read", &path))?;
        write_whole(&self.node_copy(), &text, false)
    }

    fn node_copy(&self) -> PathBuf {
        self.backups().join("node.json")
    }

    pub fn write_node(&self, node: &Node) -> Result<(), StoreError> {
        let text = serde_json::to_vec_pretty(node)
            .map_err(|error| StoreError::codec("node.json", error))?;
        write_whole(&self.node(), &text, false)
    }

    /// Recognises this folder on this machine: a copy elsewhere has another mark.
    pub fn machine(&self) -> [u8; 32] {
        let path = fs::canonicalize(&self.dir).unwrap_or_else(|_| self.dir.clone());
        let machine = fs::read_to_string("/etc/machine-id")
            .ok()
            .or_else(|| std::env::var("COMPUTERNAME").ok())
            .unwrap_or_default();
        let mut hasher = blake3::Hasher::new_derive_key("lumbung 2026 machine mark");
        hasher.update(machine.trim().as_bytes());
        hasher.update(&[0]);
        hasher.update(path.as_os_str().as_encoded_bytes());
        *hasher.finalize().as_bytes()
    }
}

/// Writes a file so that after any crash it holds the old bytes or the new.
pub(crate) fn write_whole(path: &Path, bytes: &[u8], private: bool) -> Result<(), StoreError> {
    let mut suffix = [0; 6];
    random(&mut suffix);
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.new", hex(&suffix)));
    let fresh = path.with_file_name(name);
    let written = write_new(&fresh, bytes, private).and_then(|()| {
        fs::rename(&fresh, path).map_err(StoreError::io("put in place", path))?;
        sync_folder_of(path)
    });
    if written.is_err() {
        // The old file is untouched; what is left over is only clutter.
        let _ = fs::remove_file(&fresh);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8], private: bool) -> Result<(), StoreError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    // On Windows the file takes the access list of the user's own data folder.
    #[cfg(not(unix))]
    let _ = private;
    let mut file = options.open(path).map_err(StoreError::io("make", path))?;
    file.write_all(bytes).map_err(StoreError::io("write", path))?;
    file.sync_all().map_err(StoreError::io("write", path))
}

/// Makes a rename durable, where the platform knows how.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(StoreError::io("write", dir))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Fills `bytes` from the operating system's generator.
pub(crate) fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}
