//! Drives the real window, in the words of the person at the till.
//!
//! A virtual display, WebKit's driver and the window each run for one test only, on a data folder
//! of its own.
//!
//! **Invariant:** nothing is left running, whatever became of the test; and when it failed, a
//! picture of the window and its logs are in `target/window/`.

mod keys;
mod machine;
pub mod people;
mod screen;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use machine::{Group, free_port};
pub use machine::{Look, Shop};

/// How long a person would wait for the screen to answer before calling somebody.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the program may take until it answers the driver, on a machine busy with other tests.
const START: Duration = Duration::from_secs(60);
/// How often the screen is looked at.
const GLANCE: Duration = Duration::from_millis(25);

/// The window, with somebody in front of it.
pub struct Window {
    runtime: Runtime,
    client: Client,
    out: PathBuf,
    // In the order of ending: the driver with the window first, then the display.
    driver: Group,
    _display: Group,
    display_name: String,
}

impl Window {
    /// Opens the window of a shop.
    ///
    /// # Panics
    /// When the window was not built, or the driver is not installed: with what to do.
    pub fn open(shop: &Shop, look: Look) -> Self {
        let program = machine::program();
        shop.remember_size(look);
        let (display, display_name) = machine::display(look);
        let port = free_port();
        let driver = machine::driver(port, &display_name, shop, look);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime of one thread");
        let client = runtime.block_on(connect(port, &program));
        let out = machine::output(&program);
        Self { runtime, client, out, driver, _display: display, display_name }
    }

    /// The display the window is on, for a person who wants to look in.
    pub fn display(&self) -> &str {
        &self.display_name
    }

    /// Name and memory in KiB of each process of the window, without the driver's.
    pub fn memory(&self) -> Vec<(String, u64)> {
        let all = self.driver.memory().into_iter();
        all.filter(|(name, _)| !name.contains("Driver")).collect()
    }

    /// Closes the window as its person would, and waits until the program has ended.
    ///
    /// # Panics
    /// When it does not end.
    pub fn close(self) {
        if let Err(error) = screen::close_windows(&self.display_name) {
            panic!("the window cannot be closed: {error}");
        }
        let is_gone = || self.memory().iter().all(|(name, _)| !name.contains("lumbung"));
        assert!(self.patiently(is_gone), "the program is still there after {PATIENCE:?}");
    }

    // What is on the screen

    /// Waits until these words are on the screen. White space does not count: between a currency
    /// and its amount, a line break is as good as a space.
    ///
    /// # Panics
    /// When they do not appear.
    pub fn sees(&self, words: &str) {
        self.wait(&format!("\"{words}\" on the screen"), |text| text.contains(&squeezed(words)));
    }

    /// Waits until these words are not on the screen.
    ///
    /// # Panics
    /// When they stay.
    pub fn sees_no(&self, words: &str) {
        self.wait(&format!("\"{words}\" gone"), |text| !text.contains(&squeezed(words)));
    }

    /// Waits until a part of the screen is there.
    ///
    /// # Panics
    /// When it does not appear.
    pub fn waits_for(&self, part: &str) {
        self.part(part);
    }

    /// Waits until a part of the screen is gone.
    ///
    /// # Panics
    /// When it stays.
    pub fn waits_until_gone(&self, part: &str) {
        self.until(&format!("{part} gone"), || !self.shows(part));
    }

    /// Waits until one of these parts of the screen is there, and says which.
    ///
    /// # Panics
    /// When none appears.
    pub fn waits_for_one_of<'a>(&self, parts: &[&'a str]) -> &'a str {
        let mut there = None;
        self.until(&format!("one of {parts:?} on the screen"), || {
            there = parts.iter().copied().find(|part| self.shows(part));
            there.is_some()
        });
        there.expect("until() returns only when one is there")
    }

    /// Waits until nothing on the screen is on its way any more.
    ///
    /// # Panics
    /// When something stays on its way.
    pub fn settles(&self) {
        let script = "return document.readyState === 'complete' \
             && document.fonts.status === 'loaded' \
             && !document.querySelector('[aria-busy=\"true\"]')";
        self.until("the screen at rest", || {
            let rests = self.runtime.block_on(self.client.execute(script, vec![]));
            rests.is_ok_and(|rests| rests == json!(true))
        });
    }

    /// Whether a part of the screen is there now.
    pub fn shows(&self, part: &str) -> bool {
        let found = self.runtime.block_on(self.client.find(Locator::Css(&css(part))));
        found.is_ok()
    }

    /// Waits until a part of the screen says these words.
    ///
    /// # Panics
    /// When it says something else; the message has what.
    pub fn reads(&self, part: &str, words: &str) {
        let mut last = String::new();
        let wanted = squeezed(words);
        let said = self.patiently(|| {
            last = self.text_of(part);
            squeezed(&last).contains(&wanted)
        });
        assert!(said, "{part} says \"{last}\", not \"{words}\"");
    }

    /// What the screen complains about: nothing, when all is well.
    pub fn complaints(&self) -> String {
        let script = "return [...document.querySelectorAll('[role=\"alert\"]')]\
             .map((alert) => alert.innerText).join('\\n')";
        self.run(script, vec![]).as_str().unwrap_or_default().to_owned()
    }

    /// Whether a button can be pressed now.
    pub fn can_click(&self, part: &str) -> bool {
        let part = self.part(part);
        self.runtime.block_on(part.is_enabled()).unwrap_or(false)
    }

    /// What a part of the screen says.
    pub fn text_of(&self, part: &str) -> String {
        let part = self.part(part);
        self.runtime.block_on(part.text()).unwrap_or_default()
    }

    /// What stands in a field.
    pub fn value_of(&self, part: &str) -> String {
        let field = self.find(part, &inside(part));
        let value = self.runtime.block_on(field.prop("value"));
        value.ok().flatten().unwrap_or_default()
    }

    // What the person does

    /// Goes to a screen by its address, as a bookmark would.
    pub fn go_to(&self, address: &str) {
        self.run("window.location.hash = arguments[0]", vec![json!(format!("#/{address}"))]);
    }

    /// Clicks a part of the screen.
    ///
    /// # Panics
    /// When it is not there or cannot be clicked.
    pub fn click(&self, part: &str) {
        let mut problem = String::new();
        let clicked = self.patiently(|| {
            let found = self.part(part);
            match self.runtime.block_on(found.click()) {
                Ok(()) => true,
                // Redrawn between the look and the click, or still under a closing dialog.
                Err(error) => {
                    problem = error.to_string();
                    false
                }
            }
        });
        assert!(clicked, "{part} cannot be clicked: {problem}");
    }

    /// Clicks the button with these words.
    ///
    /// # Panics
    /// When there is none.
    pub fn click_button(&self, words: &str) {
        let quoted = format!("concat(\"{}\", \"\")", words.replace('"', "\", '\"', \""));
        let path = format!(
            "//button[normalize-space(.)={quoted} or @aria-label={quoted}][not(@disabled)]"
        );
        self.until(&format!("a button \"{words}\""), || {
            let click = async { self.client.find(Locator::XPath(&path)).await?.click().await };
            self.runtime.block_on(click).is_ok()
        });
    }

    /// Replaces what is in a field.
    ///
    /// # Panics
    /// When there is no such field.
    pub fn fill(&self, part: &str, text: &str) {
        let field = self.find(part, &inside(part));
        let typing = async {
            field.click().await?;
            self.client.perform_actions(keys::together(&[keys::CONTROL, 'a'])).await?;
            self.client.perform_actions(keys::typed(text)).await
        };
        if let Err(error) = self.runtime.block_on(typing) {
            panic!("{part} cannot be filled: {error}");
        }
    }

    /// Chooses from a list: opens it and clicks the choice.
    ///
    /// # Panics
    /// When there is no such choice.
    pub fn choose(&self, part: &str, choice: &str) {
        self.click(part);
        let path = format!("//*[@role=\"option\"][contains(normalize-space(.), \"{choice}\")]");
        self.until(&format!("a choice \"{choice}\" in {part}"), || {
            let click = async { self.client.find(Locator::XPath(&path)).await?.click().await };
            self.runtime.block_on(click).is_ok()
        });
    }

    /// Presses a key several times as fast as it goes.
    ///
    /// # Panics
    /// When the driver refuses.
    pub fn hammers(&self, name: &str, times: usize) {
        let keys = keys::hammer(keys::key(name), times);
        if let Err(error) = self.runtime.block_on(self.client.perform_actions(keys)) {
            panic!("{name} cannot be hammered: {error}");
        }
    }

    /// Presses a key or several together: `F12`, `Enter`, `Control+k`.
    ///
    /// # Panics
    /// When the name of a key is not known.
    pub fn press(&self, keys: &str) {
        let held: Vec<char> = keys.split('+').map(keys::key).collect();
        let pressing = self.client.perform_actions(keys::together(&held));
        if let Err(error) = self.runtime.block_on(pressing) {
            panic!("{keys} cannot be pressed: {error}");
        }
    }

    /// Types at the pace of a person, wherever the focus is.
    ///
    /// # Panics
    /// When the driver refuses.
    pub fn types(&self, text: &str) {
        if let Err(error) = self.runtime.block_on(self.client.perform_actions(keys::typed(text))) {
            panic!("\"{text}\" cannot be typed: {error}");
        }
    }

    /// Holds a code before the scanner: all its keys in one burst, with Enter behind.
    ///
    /// # Panics
    /// When the keys cannot be sent.
    pub fn scan(&self, code: &str) {
        if let Err(error) = screen::scan(&self.display_name, code) {
            panic!("{code} cannot be scanned: {error}");
        }
    }

    // What the tester does

    /// Calls a command behind the screen, as the person who is signed in: to look at what the
    /// screen does not show, never in place of what a person does.
    ///
    /// # Errors
    /// The failure, as the screen would get it.
    pub fn ask(&self, name: &str, args: Value) -> Result<Value, Value> {
        let script = "const [name, args, answer] = arguments; \
             window.__TAURI_INTERNALS__.invoke('call', { name, args }) \
             .then((value) => answer({ value }), (failure) => answer({ failure }))";
        let asked = self.client.execute_async(script, vec![json!(name), args]);
        let mut answer = match self.runtime.block_on(asked) {
            Ok(answer) => answer,
            Err(error) => panic!("{name} was not answered: {error}"),
        };
        match answer.get_mut("failure").map(Value::take) {
            Some(failure) => Err(failure),
            None => Ok(answer.get_mut("value").map(Value::take).unwrap_or_default()),
        }
    }

    /// Runs a script in the page.
    ///
    /// # Panics
    /// When it throws.
    pub fn run(&self, script: &str, args: Vec<Value>) -> Value {
        match self.runtime.block_on(self.client.execute(script, args)) {
            Ok(value) => value,
            Err(error) => panic!("the page threw: {error}"),
        }
    }

    /// A picture of the window, two frames from now: so that it shows what the page says now.
    ///
    /// # Panics
    /// When it cannot be taken or written.
    pub fn picture(&self, path: &Path) {
        if let Err(error) = self.try_picture(path) {
            panic!("no picture at {}: {error}", path.display());
        }
    }

    fn try_picture(&self, path: &Path) -> Result<(), String> {
        let frames = "const done = arguments[0]; \
             requestAnimationFrame(() => requestAnimationFrame(() => done()))";
        let taken = async {
            self.client.execute_async(frames, vec![]).await?;
            self.client.screenshot().await
        };
        let picture = self.runtime.block_on(taken).map_err(|error| error.to_string())?;
        fs::write(path, picture).map_err(|error| error.to_string())
    }

    // How it waits

    fn part(&self, part: &str) -> Element {
        self.find(part, &css(part))
    }

    fn find(&self, part: &str, selector: &str) -> Element {
        let mut found = None;
        self.until(&format!("{part} on the screen"), || {
            found = self.runtime.block_on(self.client.find(Locator::Css(selector))).ok();
            found.is_some()
        });
        found.expect("until() returns only when it is found")
    }

    fn wait(&self, what: &str, mut is_so: impl FnMut(&str) -> bool) {
        self.until(what, || is_so(&squeezed(&self.text())));
    }

    /// Waits until something is so.
    ///
    /// # Panics
    /// When it does not come about.
    pub fn until(&self, what: &str, is_so: impl FnMut() -> bool) {
        let came = self.patiently(is_so);
        assert!(came, "waited {PATIENCE:?} for {what}; the screen says:\n{}", self.text());
    }

    /// Looks again and again, for as long as a person would.
    fn patiently(&self, mut is_so: impl FnMut() -> bool) -> bool {
        let started = Instant::now();
        while !is_so() {
            if started.elapsed() > PATIENCE {
                return false;
            }
            self.runtime.block_on(async {
                let mut glance = tokio::time::interval(GLANCE);
                glance.tick().await; // The first tick is now, the second one a glance later.
                glance.tick().await;
            });
        }
        true
    }

    /// Everything the screen says. Nothing while the page is still on its way.
    fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let said = self.runtime.block_on(self.client.execute(script, vec![]));
        said.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let test = machine::test_name();
            let picture = self.out.join(format!("{test}.png"));
            match self.try_picture(&picture) {
                Ok(()) => eprintln!("the window, as it looked: {}", picture.display()),
                Err(error) => eprintln!("no picture of the window: {error}"),
            }
        }
    }
}

async fn connect(port: u16, program: &Path) -> Client {
    let wanted = json!({ "webkitgtk:browserOptions": { "binary": program, "args": [] } });
    let wanted = wanted.as_object().cloned().unwrap_or_default();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(wanted);
    let address = format!("http://127.0.0.1:{port}");
    match tokio::time::timeout(START, builder.connect(&address)).await {
        Ok(Ok(client)) => client,
        Ok(Err(error)) => panic!("the window did not start under the driver: {error}"),
        Err(_) => panic!("the window did not answer the driver within {START:?}"),
    }
}

/// The selector of a part that the interface has named for tests.
fn css(part: &str) -> String {
    format!("[data-testid=\"{part}\"]")
}

/// Without white space of any kind.
fn squeezed(words: &str) -> String {
    words.chars().filter(|character| !character.is_whitespace()).collect()
}

/// The selector of the field of a part: the part itself or inside it.
fn inside(part: &str) -> String {
    format!("{0} input, {0} textarea, input{0}, textarea{0}", css(part))
}
