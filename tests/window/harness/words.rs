//! What people do at this program, in their own words.
//!
//! **Invariant:** everything here goes through the screen, in the steps a person takes.

use serde_json::json;

use super::people::Person;
use super::{Shop, Window, machine};

impl Window {
    /// Picks their tile and enters their PIN.
    pub fn sign_in(&self, username: &str, pin: &str) {
        self.click(&format!("signin-user-{username}"));
        self.fill("pin-input", pin);
        self.click("signin-submit");
        self.waits_until_gone("signin-submit");
    }

    /// Signs in and gets the till ready to sell: with a counted float where no session is open.
    pub fn opens_the_till(&self, person: Person) {
        self.sign_in(person.username, person.pin);
        self.click("nav-till");
        if self.waits_for_one_of(&["till-search", "session-open"]) == "session-open" {
            self.opens_a_session(&[(50_000, 4), (10_000, 10)]);
            self.click("nav-till");
        }
        self.waits_for("till-search");
    }

    /// Scans an article and waits for the beep: until the total has changed.
    ///
    /// # Panics
    /// When the total stays as it was.
    pub fn sells(&self, barcode: &str) {
        let before = self.text_of("ticket-total");
        self.scan(barcode);
        self.until(&format!("{barcode} on the ticket"), || self.text_of("ticket-total") != before);
    }

    /// Opens a session with a float of so many of each note and coin.
    pub fn opens_a_session(&self, float: &[(i64, u32)]) {
        self.click("session-open");
        for (minor, count) in float {
            self.fill(&format!("denomination-{minor}"), &count.to_string());
        }
        self.click("session-open-confirm");
        self.waits_until_gone("session-open-confirm");
    }

    /// Somebody else allows it with their PIN, where the program asks for that.
    pub fn allows_if_asked(&self, person: Person) {
        self.settles();
        if self.shows("approval-dialog") {
            self.choose("approval-user", person.name);
            self.fill("approval-pin", person.pin);
            self.fill("approval-reason", "I have seen it");
            self.click("approval-confirm");
            self.waits_until_gone("approval-dialog");
        }
    }

    /// Saves a paper by this button, and reads the words of the file that appears.
    ///
    /// # Panics
    /// When no file appears, or it cannot be read.
    pub fn saves_paper(&self, shop: &Shop, button: &str) -> String {
        let before = shop.papers();
        self.click(button);
        let mut saved = None;
        self.until("a new paper in the folders of the shop", || {
            saved = shop.papers().into_iter().find(|paper| !before.contains(paper));
            saved.is_some()
        });
        machine::words_of(&saved.expect("until() returns only when there is one"))
    }

    /// The screens this person finds in the navigation.
    pub fn screens(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('[data-testid^=\"nav-\"]')]\
             .map((item) => item.dataset.testid.slice(4))";
        let found = self.run(script, vec![]);
        let names = found.as_array().into_iter().flatten();
        names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }

    /// How many receipts there are, sales and returns.
    ///
    /// # Panics
    /// When the person who is signed in may not see them.
    pub fn receipts(&self) -> usize {
        let list = self.ask("pos.receipts", json!({}));
        let list = list.unwrap_or_else(|failure| panic!("no list of receipts: {failure}"));
        list["receipts"].as_array().map_or(0, Vec::len)
    }
}
