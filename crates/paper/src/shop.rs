//! Who prints: the head of every document.
//!
//! **Invariant:** what the shop left empty takes no space on the paper.

use serde::{Deserialize, Serialize};

use crate::language::Words;
use crate::picture::Picture;
use crate::strip::{Strip, Style};

/// The shop as its documents name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address_lines: Vec<String>,
    /// Its telephone, or nothing.
    pub phone: String,
    /// Its tax number, or nothing.
    pub tax_id: String,
    /// The branch code the tax office gave it, or nothing.
    pub branch_code: String,
    /// What stands at the end of every receipt.
    pub footer_lines: Vec<String>,
    /// Its logo.
    #[serde(default)]
    pub logo: Option<Picture>,
}

/// Which fields of the shop are shown.
pub(crate) struct ShopFields {
    pub phone: bool,
    pub tax_id: bool,
    pub branch_code: bool,
}

impl Shop {
    pub(crate) fn head(&self, strip: &mut Strip, words: &Words, show: &ShopFields) {
        if let Some(logo) = &self.logo {
            strip.picture(logo);
            strip.gap();
        }
        strip.centre(Style::Title, &self.name);
        for line in &self.address_lines {
            strip.centre(Style::Body, line);
        }
        if show.phone {
            strip.centre(Style::Body, &labelled(words.phone, &self.phone));
        }
        let tax_id = if show.tax_id { labelled(words.tax_id, &self.tax_id) } else { String::new() };
        let branch = if show.branch_code {
            labelled(words.branch, &self.branch_code)
        } else {
            String::new()
        };
        strip.centre(Style::Fine, &tax_id);
        strip.centre(Style::Fine, &branch);
    }
}

/// A label before a value; nothing before nothing.
pub(crate) fn labelled(label: &str, value: &str) -> String {
    if value.trim().is_empty() { String::new() } else { format!("{label} {value}") }
}
