//! What a machine can check without running the product.
//!
//! **Invariant:** every check runs, even after one failed: one round tells all there is to mend.

use crate::command::Step;
use crate::generated::{self, Mode};
use crate::packages;
use crate::report::{self, Outcome, Stop};
use crate::setup;

/// Installs what is missing, then checks.
///
/// # Errors
/// When a check does not hold.
pub fn check() -> Outcome {
    setup::system(&[packages::BUILD])?;
    setup::rust_components()?;
    setup::built_interface()?;
    all_hold(static_checks())
}

/// The outcome of each check, the quick ones first.
pub fn static_checks() -> Vec<Outcome> {
    vec![
        Step::cargo("cargo fmt --check", &["fmt", "--all", "--check"])
            .advice("`cargo fmt --all` mends it.")
            .run()
            .map(drop),
        Step::npm("interface types and lint", &["run", "check"])
            .advice("`npx biome check --write` in ui/ mends what is only form.")
            .run()
            .map(drop),
        clippy(),
        generated::bindings(Mode::Compare),
        generated::schema(Mode::Compare),
        generated::libraries(Mode::Compare),
        licences(),
    ]
}

/// Tells every failure, and whether there was none.
///
/// # Errors
/// When there was one.
pub fn all_hold(outcomes: Vec<Outcome>) -> Outcome {
    let mut failed = 0;
    let of = outcomes.len();
    for stop in outcomes.into_iter().filter_map(Outcome::err) {
        failed += 1;
        report::say(format_args!("FAILED: {stop}"));
    }
    if failed == 0 {
        report::say(format_args!("all {of} checks hold"));
        return Ok(());
    }
    Err(Stop::new(format!("{failed} of {of} checks do not hold; each says above what to do.")))
}

fn clippy() -> Outcome {
    let args = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    Step::cargo("cargo clippy", &args).run().map(drop)
}

fn licences() -> Outcome {
    setup::tool(&setup::DENY)?;
    // Not advisories: they are fetched from the network, and a shop's build must not depend on it.
    let args = ["deny", "--workspace", "check", "--hide-inclusion-graph"];
    let mut words = args.to_vec();
    words.extend(["bans", "licenses", "sources"]);
    Step::cargo("cargo deny", &words)
        .advice("deny.toml says which licences and sources are welcome, and why.")
        .run()
        .map(drop)
}
