//! What a run measures.

use std::path::PathBuf;

/// How the program is called.
pub const USAGE: &str = "\
usage: bench [--quick] [--products N] [--sales N,N,…] [--rounds N] [--keep FILE]
  --quick      1000 products and 10000 sales
  --products   products of the shop that grows (100000)
  --sales      sizes at which it is measured, growing (10000,100000,1000000)
  --rounds     sales in each measurement (1000)
  --keep       also writes the figures to a file, each as soon as it is known";

/// Sizes and repetitions of a run.
#[derive(Debug)]
pub struct Plan {
    /// Products of the shop that grows.
    pub products: usize,
    /// Sales at which it is measured.
    pub sales: Vec<usize>,
    /// Sales in each measurement.
    pub rounds: usize,
    /// Where the figures are kept besides.
    pub kept: Option<PathBuf>,
}

impl Plan {
    /// What the words of the command line ask for.
    pub fn of(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut plan = Self {
            products: 100_000,
            sales: vec![10_000, 100_000, 1_000_000],
            rounds: 1_000,
            kept: None,
        };
        while let Some(word) = words.next() {
            if word == "--quick" {
                (plan.products, plan.sales) = (1_000, vec![10_000]);
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word} needs a value."))?;
            match word.as_str() {
                "--products" => plan.products = number(&value)?,
                "--sales" => {
                    plan.sales = value.split(',').map(number).collect::<Result<_, _>>()?;
                    if !plan.sales.is_sorted() {
                        return Err("--sales: a shop only grows.".to_owned());
                    }
                }
                "--rounds" => plan.rounds = number(&value)?,
                "--keep" => plan.kept = Some(value.into()),
                _ => return Err(format!("{word} is not known.")),
            }
        }
        Ok(plan)
    }
}

fn number(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{text} is not a number above zero."))
}
