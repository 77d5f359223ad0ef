//! What seeds have found and the protocol now does about it, one story a test.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::rc::Rc;

use lumbung_simulation::centre::{Centre, Office, enrolment};
use lumbung_simulation::commit::{Commit, Library, NEWER, OLDER, Row};
use lumbung_simulation::flaws::Flaws;
use lumbung_simulation::replica::{Desk, Fuse, Snapshot};
use lumbung_simulation::rng::Rng;
use lumbung_simulation::till::{Till, unread};
use lumbung_sync::engine::{Engine, Input, Link, Output, Settings, Watch};
use lumbung_sync::protocol::{PullReply, SyncRequest, SyncResponse, Verdict};

const NOON_MS: i64 = 1_800_000_000_000;

/// One terminal and its centre, with nothing between them.
struct Shop {
    till: Till,
    engine: Engine,
    centre: Centre,
    library: Library,
    rng: Rng,
    now_ms: i64,
    fuse: Option<Fuse>,
    next_fact: u64,
    /// What people were told last.
    link: Link,
    rekeyed: u32,
    fetching: bool,
}

impl Shop {
    fn new() -> Shop {
        let mut rng = Rng::new(7);
        let mut centre = Centre::new(NEWER);
        let given = enrolment([1; 16], rng.bytes(), "T1".to_owned(), vec![0, 1]);
        centre.introduce(&given);
        Shop {
            till: Till::new(given, 1, NEWER),
            engine: Engine::new(Settings::new("stories")),
            centre,
            library: Library::default(),
            rng,
            now_ms: NOON_MS,
            fuse: None,
            next_fact: 0,
            link: Link::Starting,
            rekeyed: 0,
            fetching: false,
        }
    }

    fn fact(&mut self, scope: u32, since: u32) -> Row {
        self.next_fact += 1;
        Row::Fact { id: self.next_fact, scope, product: 1, qty: -1, cash: 5, since }
    }

    fn sell(&mut self, times: u64) -> &mut Shop {
        for _ in 0..times {
            let row = self.fact(1, OLDER);
            let sale = self.till.transact(self.now_ms, "sale", vec![row]);
            self.library.keep(&sale);
        }
        self
    }

    fn answer(&mut self, request: &SyncRequest) -> SyncResponse {
        let mut office = Office {
            library: &self.library,
            flaws: Flaws::default(),
            rng: &mut self.rng,
            now_ms: self.now_ms,
            chains_max: usize::MAX,
        };
        self.centre.answer(request, &mut office)
    }

    /// Hands something in; gives the request that is to be sent, if one is.
    fn hand_in(&mut self, input: Input<Rc<Snapshot>>) -> Option<SyncRequest> {
        let mut desk = Desk {
            till: &mut self.till,
            library: &self.library,
            flaws: Flaws::default(),
            fuse: self.fuse.take(),
            salvaged: 0,
        };
        let rng = &mut self.rng;
        let told = self.engine.handle(&mut desk, input, self.now_ms, &mut || rng.bytes());
        let Ok(outputs) = told else {
            self.engine = Engine::new(Settings::new("stories"));
            return None;
        };
        let mut request = None;
        for output in outputs {
            match output {
                Output::Send(sent) => request = Some(*sent),
                Output::State(status) => self.link = status.link,
                Output::Rekeyed { .. } => self.rekeyed += 1,
                Output::FetchSnapshot { .. } => self.fetching = true,
                Output::TickAt(_) => {}
            }
        }
        request
    }

    /// The request that is due once some time has passed.
    fn ask(&mut self) -> SyncRequest {
        self.now_ms += 200_000;
        self.hand_in(Input::Tick)
            .or_else(|| {
                self.now_ms += 200_000;
                self.hand_in(Input::Tick)
            })
            .unwrap()
    }

    fn take(&mut self, request: &SyncRequest, response: &SyncResponse) -> Option<SyncRequest> {
        let request = Box::new(request.clone());
        self.hand_in(Input::Response { request, response: Box::new(response.clone()) })
    }

    /// Exchanges until there is nothing more to say.
    fn exchange(&mut self) -> &mut Shop {
        let mut next = Some(self.ask());
        while let Some(request) = next {
            let response = self.answer(&request);
            next = self.take(&request, &response);
            if std::mem::take(&mut self.fetching) {
                let snapshot = Rc::new(self.centre.snapshot(&self.till.scopes()));
                next = self.hand_in(Input::Snapshot(snapshot)).or(next);
            }
        }
        self
    }

    fn is_settled(&self) -> bool {
        let tables = self.centre.tables(&self.till.scopes());
        self.till.waiting() == 0 && self.till.pending.is_empty() && tables == self.till.tables
    }
}

#[test]
fn a_sale_reaches_the_centre_and_comes_back_confirmed() {
    let mut shop = Shop::new();
    shop.sell(3).exchange();
    assert_eq!(shop.centre.log.len(), 3);
    assert!(shop.is_settled());
    assert_eq!(shop.link, Link::Online);
}

#[test]
fn an_answer_told_twice_or_late_costs_nothing() {
    let mut shop = Shop::new();
    let request = shop.sell(2).ask();
    let response = shop.answer(&request);
    shop.take(&request, &response);
    let (chains, tables) = (shop.till.origins.clone(), shop.till.tables.clone());
    shop.sell(1).exchange();
    for _ in 0..2 {
        shop.take(&request, &response);
    }
    assert_eq!(shop.till.origins, chains);
    assert!(shop.till.tables.facts.len() > tables.facts.len());
    assert!(shop.is_settled());
}

#[test]
fn a_late_denial_does_not_make_a_terminal_somebody_else() {
    let mut shop = Shop::new();
    shop.sell(4).exchange();
    shop.centre.note_backup();
    let before = shop.ask();
    let mut old = Centre::new(NEWER);
    old.introduce(&shop.till.own[&shop.till.origin()].introduction);
    let real = std::mem::replace(&mut shop.centre, old);
    let denial = shop.answer(&before);
    assert_eq!(denial.push[0].verdict, Verdict::Gap);
    shop.centre = real;
    shop.exchange();
    shop.take(&before, &denial);
    shop.exchange();
    assert_eq!(shop.rekeyed, 0);
    assert!(shop.is_settled());
}

#[test]
fn a_stub_of_a_commit_the_journal_has_let_go_is_asked_for_whole() {
    let mut shop = Shop::new();
    shop.sell(3).exchange();
    // A further branch is read from the beginning, with the own commits as stubs.
    let scope = 2;
    let (sent, received) = (shop.fact(1, OLDER), shop.fact(scope, OLDER));
    let transfer = shop.till.transact(shop.now_ms, "transfer", vec![sent, received]);
    shop.library.keep(&transfer);
    shop.exchange();
    shop.till.join(scope, unread(scope));
    let request = shop.ask();
    let mut response = shop.answer(&request);
    let PullReply::Page(page) = &mut response.pull else { panic!("a page") };
    assert!(page.entries.iter().any(|entry| entry.commit.is_none()));
    // The same answer tells that all is backed up, so the journal lets go of it first.
    shop.centre.note_backup();
    response.push = shop.answer(&request).push;
    let whole = shop.take(&request, &response).unwrap();
    assert!(whole.pull.as_ref().unwrap().have.is_empty());
    let response = shop.answer(&whole);
    shop.take(&whole, &response);
    shop.exchange();
    assert!(shop.is_settled());
}

#[test]
fn a_base_from_while_it_was_revoked_is_denied_and_nothing_comes_of_it() {
    let mut shop = Shop::new();
    shop.sell(3).exchange();
    shop.centre.note_backup();
    shop.exchange();
    let terminal = shop.till.terminal;
    shop.centre.revoke(terminal);
    shop.sell(2).exchange();
    assert_eq!(shop.link, Link::Revoked);
    assert_eq!(shop.centre.apart.len(), 2);
    // Released by a centre that has lost what it kept apart.
    shop.centre.apart.clear();
    let mut office = Office {
        library: &shop.library,
        flaws: Flaws::default(),
        rng: &mut shop.rng,
        now_ms: shop.now_ms,
        chains_max: usize::MAX,
    };
    shop.centre.release(terminal, &mut office);
    shop.exchange();
    assert_eq!(shop.rekeyed, 0);
    assert!(shop.is_settled());
}

#[test]
fn what_was_kept_apart_and_no_longer_fits_stays_apart() {
    let mut shop = Shop::new();
    shop.sell(1).exchange();
    let saved = shop.till.clone();
    let terminal = shop.till.terminal;
    shop.centre.revoke(terminal);
    shop.sell(2).exchange();
    // The machine is put back, so that nobody else has the two sales.
    shop.till = saved;
    shop.engine = Engine::new(Settings::new("stories"));
    let release = |shop: &mut Shop| {
        let mut office = Office {
            library: &shop.library,
            flaws: Flaws::default(),
            rng: &mut shop.rng,
            now_ms: shop.now_ms,
            chains_max: usize::MAX,
        };
        shop.centre.release(terminal, &mut office);
    };
    shop.sell(1).exchange();
    release(&mut shop);
    let (log, apart) = (shop.centre.log.len(), shop.centre.apart.len());
    assert_eq!(log + apart, 4, "what does not fit is for a person to decide on");
    assert!(apart > 0);
    shop.exchange();
    assert!(shop.is_settled());
}

#[test]
fn a_power_cut_while_a_chain_is_written_again_loses_nothing() {
    for changes in 0..4 {
        for saved in [false, true] {
            let mut shop = Shop::new();
            shop.sell(2).exchange();
            let copy = shop.till.clone();
            shop.sell(3).exchange();
            // An older copy goes on under the same origin.
            shop.till = copy;
            shop.sell(4);
            let request = shop.ask();
            let response = shop.answer(&request);
            shop.fuse = Some(Fuse { changes, saved });
            shop.take(&request, &response);
            shop.exchange();
            assert_eq!(shop.till.tables.facts.len(), 9, "{changes} {saved}");
            assert!(shop.is_settled(), "{changes} {saved}");
        }
    }
}

#[test]
fn a_fact_keeps_its_first_place_though_that_commit_was_deferred() {
    let mut shop = Shop::new();
    let (old, new) = (shop.fact(1, OLDER), shop.fact(1, NEWER));
    let both: Rc<Commit> = shop.till.transact(shop.now_ms, "sale", vec![old.clone(), new]);
    let again = shop.till.transact(shop.now_ms, "again", vec![old]);
    let mut reader = Till::new(enrolment([2; 16], [9; 16], "T2".into(), vec![0, 1]), 2, OLDER);
    let stamp = |commit: &Commit| lumbung_simulation::till::stamp_of(commit, 1);
    reader.deferred.insert(1, (1, Rc::clone(&both)));
    reader.apply(&again, stamp(&again), 2, |_| true);
    assert_eq!(reader.tables.facts[&1].seq, 2);
    reader.upgrade(NEWER);
    assert_eq!(reader.tables.facts[&1].seq, 1);
    assert_eq!(reader.tables.stock, reader.tables.counted());
}

#[test]
fn a_centre_that_was_put_back_learns_again_whom_it_had_enrolled() {
    let mut shop = Shop::new();
    let empty = shop.centre.clone();
    shop.sell(3).exchange();
    shop.centre = Centre::new(NEWER);
    shop.exchange();
    assert_eq!(shop.centre.log.len(), 3);
    assert!(shop.is_settled());
    shop.centre = empty;
    shop.sell(1).exchange();
    assert_eq!(shop.centre.log.len(), 4);
    assert!(shop.is_settled());
    assert_eq!(shop.rekeyed, 0);
}

#[test]
fn a_centre_that_lost_even_its_backup_gets_everything_under_a_new_origin() {
    let mut shop = Shop::new();
    let empty = shop.centre.clone();
    shop.sell(5).exchange();
    shop.centre.note_backup();
    shop.exchange();
    assert!(shop.till.journal.is_empty(), "backed up, so it was let go");
    shop.centre = empty;
    shop.sell(2).exchange();
    shop.exchange();
    assert!(shop.is_settled());
    assert_eq!(shop.centre.tables(&[0, 1]).facts.len(), 7, "five of them were salvaged");
}

#[test]
fn a_snapshot_that_nobody_waits_for_changes_nothing() {
    let mut shop = Shop::new();
    shop.sell(2).exchange();
    let old = Rc::new(shop.centre.snapshot(&[0, 1]));
    shop.sell(2).exchange();
    let before = shop.till.tables.clone();
    shop.hand_in(Input::Snapshot(old));
    assert_eq!(shop.till.tables, before);
    assert_eq!(shop.till.waiting(), 0, "and nothing is taken for lost");
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_the_exchange() {
    let mut shop = Shop::new();
    shop.sell(1).exchange();
    shop.now_ms -= 400 * 86_400_000;
    shop.sell(1);
    assert!(shop.hand_in(Input::Tick).is_some());
}

#[test]
fn people_are_told_what_is_wrong_in_states_they_understand() {
    let mut shop = Shop::new();
    let request = shop.sell(2).ask();
    let right = shop.answer(&request);
    let check = |change: &dyn Fn(&mut SyncResponse), link: Link, clock: Watch| {
        let mut engine = Shop::new();
        let request = engine.sell(2).ask();
        let mut response = right.clone();
        response.push[0].origin = request.push[0].origin;
        response.now_ms = engine.now_ms;
        change(&mut response);
        engine.take(&request, &response);
        assert_eq!(engine.engine.status().link, link);
        assert_eq!(engine.engine.status().clock, clock);
    };
    let right = Watch::Right;
    check(&|r| r.push[0].verdict = Verdict::Revoked, Link::Revoked, right);
    check(&|r| r.push[0].verdict = Verdict::Refused, Link::Refused, right);
    check(
        &|r| (r.push[0].verdict, r.cur_schema) = (Verdict::TooNew, 4),
        Link::CentreTooOld { cur_schema: 4 },
        right,
    );
    check(&|r| r.pull = PullReply::Diverged, Link::Diverged, right);
    check(&|r| r.pull = PullReply::NeedSnapshot, Link::CatchingUp, right);
    check(
        &|r| r.pull = PullReply::NeedUpgrade { min_schema: 9 },
        Link::NeedsUpgrade { min_schema: 9 },
        right,
    );
    check(&|r| r.now_ms -= 180_000, Link::Online, Watch::Off { fast_ms: 180_000 });
    check(&|r| r.now_ms += 90_000_000, Link::Online, Watch::Wrong { fast_ms: -90_000_000 });
}

#[test]
fn an_outage_is_told_with_its_beginning_and_what_waits() {
    let mut shop = Shop::new();
    shop.sell(1).exchange();
    let sold_ms = shop.now_ms;
    shop.sell(3);
    shop.ask();
    let since_ms = shop.now_ms;
    for _ in 0..3 {
        shop.hand_in(Input::Failed);
        shop.ask();
    }
    let status = shop.engine.status().clone();
    assert_eq!(status.link, Link::Offline { since_ms });
    assert_eq!((status.waiting, status.oldest_ms), (3, Some(sold_ms)));
    shop.hand_in(Input::Failed);
    shop.exchange();
    assert_eq!(shop.engine.status().link, Link::Online);
    assert_eq!(shop.engine.status().waiting, 0);
}
