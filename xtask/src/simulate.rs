//! The protocol in a storm, for as many seeds as there is time for.
//!
//! **Invariant:** it runs the program that the tests run, built so that a night is worth it.

use crate::command::Step;
use crate::report::Outcome;

/// Builds the simulation, optimised, and hands it the words.
///
/// # Errors
/// When it does not build, a seed breaks something, or a missing defence is not noticed.
pub fn simulate(args: &[String]) -> Outcome {
    let words = ["run", "--quiet", "--release", "--package", "lumbung-simulation", "--"];
    let mut step = Step::cargo("simulation", &words);
    for arg in args {
        step = step.arg(arg);
    }
    step.in_foreground()
}
