//! What the system has to provide, and how it is asked for it.
//!
//! **Invariant:** nothing is installed without saying what and why, and nothing that is there is
//! installed again.

use std::fmt::Write;

use crate::command::Step;
use crate::place;
use crate::report::{self, Outcome, Stop};

/// A package of the system and the reason for it.
pub struct Package {
    /// Its name in Debian and Ubuntu.
    pub name: &'static str,
    /// What it is for, to finish the sentence "… for".
    pub why: &'static str,
    /// How another Linux is asked whether it has the same thing.
    have: Have,
}

/// A sign that the thing is there, where dpkg cannot be asked.
enum Have {
    Program(&'static str),
    Library(&'static str),
    /// Nothing to look for: a look, not a need.
    Assumed,
}

/// What a build of the window needs.
pub const BUILD: &[Package] = &[
    Package {
        name: "build-essential",
        why: "the C compiler SQLCipher and OpenSSL are built with",
        have: Have::Program("cc"),
    },
    Package { name: "perl", why: "the build of OpenSSL", have: Have::Program("perl") },
    Package {
        name: "pkg-config",
        why: "finding the libraries of the system",
        have: Have::Program("pkg-config"),
    },
    Package {
        name: "libwebkit2gtk-4.1-dev",
        why: "the web view the window is made of",
        have: Have::Library("webkit2gtk-4.1"),
    },
];

/// What showing the window without a display needs.
pub const DISPLAY: &[Package] = &[
    Package { name: "xvfb", why: "a virtual display", have: Have::Program("Xvfb") },
    Package {
        name: "webkit2gtk-driver",
        why: "driving the real window",
        have: Have::Program("WebKitWebDriver"),
    },
    Package { name: "fonts-noto-core", why: "letters in the pictures", have: Have::Assumed },
];

/// What the tests need besides.
pub const TEST: &[Package] = &[
    Package {
        name: "poppler-utils",
        why: "reading receipts back from their PDF",
        have: Have::Program("pdftotext"),
    },
    Package {
        name: "postgresql",
        why: "the tests of the centre's log, which start a cluster of their own",
        have: Have::Program("initdb"),
    },
];

/// How long apt waits for another apt that is at work, in seconds.
const LOCK: &str = "DPkg::Lock::Timeout=300";
/// A mirror that hiccups is asked again.
const RETRIES: &str = "Acquire::Retries=3";

/// Installs those of the groups that are missing.
///
/// # Errors
/// When something is missing that this program cannot install; the sentence says how to.
pub fn provide(groups: &[&'static [Package]]) -> Outcome {
    let missing = missing(groups);
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    if place::on_path("apt-get").is_none() {
        return Err(Stop::new(by_hand(&missing)));
    }
    for package in &missing {
        report::say(format_args!("installing {} for {}", package.name, package.why));
    }
    let command = format!("apt-get install --no-install-recommends {}", names.join(" "));
    let prefix: &[&str] = match (is_root(), place::on_path("sudo")) {
        (true, _) => &[],
        (false, Some(_)) => &["sudo"],
        (false, None) => {
            return Err(Stop::new(format!(
                "Packages are missing, and this user is neither root nor has sudo. \
                 Run this as root, then start again:\n  apt-get update && {command}"
            )));
        }
    };
    if !prefix.is_empty() {
        // The password is asked for here, where the person sees it, not inside a quiet step.
        Step::new("sudo", "sudo", &["--validate"])
            .advice("This user may not install packages; ask the administrator.")
            .in_foreground()?;
    }
    let advice = "Is the machine online? Then see what `apt-get update` says.";
    apt(prefix, "apt-get update", &["update", "-o", RETRIES]).advice(advice).run()?;
    let mut args = vec!["install", "-y", "--no-install-recommends", "-o", LOCK, "-o", RETRIES];
    args.extend(names);
    apt(prefix, "apt-get install", &args).advice(advice).run()?;
    Ok(())
}

/// Those of the groups that are not there.
pub fn missing(groups: &[&'static [Package]]) -> Vec<&'static Package> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let wanted = groups.iter().copied().flatten();
    if place::on_path("dpkg-query").is_some() {
        wanted.filter(|package| !is_installed(package.name)).collect()
    } else {
        wanted.filter(|package| !package.have.is_there()).collect()
    }
}

/// What to do on a system whose packages this program does not install.
fn by_hand(missing: &[&Package]) -> String {
    let mut text = String::from("These are missing, and this system has no apt-get:\n");
    for package in missing {
        let _ = writeln!(text, "  {} ({} in Debian)", package.why, package.name);
    }
    text.push_str(
        "Fedora:  dnf install gcc make perl pkgconf webkit2gtk4.1-devel webkit2gtk-driver \
         xorg-x11-server-Xvfb poppler-utils\n\
         Arch:    pacman -S base-devel perl webkit2gtk-4.1 xorg-server-xvfb poppler\n\
         Then start again.",
    );
    text
}

fn apt(prefix: &[&'static str], name: &'static str, args: &[&str]) -> Step {
    let mut words: Vec<&str> = prefix.to_vec();
    // Through env, because sudo does not hand variables on.
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    words.extend(args);
    Step::new(name, words[0], &words[1..])
}

fn is_root() -> bool {
    Step::new("id", "id", &["-u"]).output().is_ok_and(|id| id.trim_ascii() == b"0")
}

fn is_installed(package: &str) -> bool {
    let args = ["--show", "--showformat=${db:Status-Status}", package];
    let mut query = std::process::Command::new("dpkg-query");
    // A package dpkg has never heard of is a complaint on stderr, and simply missing.
    query.args(args).stderr(std::process::Stdio::null());
    query.output().is_ok_and(|output| output.stdout == b"installed")
}

impl Have {
    fn is_there(&self) -> bool {
        match self {
            Self::Program(name) => place::on_path(name).is_some(),
            Self::Library(name) => {
                Step::new("pkg-config", "pkg-config", &["--exists", name]).succeeds()
            }
            Self::Assumed => true,
        }
    }
}
