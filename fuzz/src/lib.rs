//! What every target asks of a session: a refusal has a code and a field and changes nothing, whatever was given.
//!
//! Memory and time are the fuzzer's own to watch: `make fuzz` gives it limits.

use std::cell::Cell;

use neural_playground::config::Config;
use neural_playground::error::Refusal;
use neural_playground::plan::cost::Limits;
use neural_playground::session::{Event, Session};
use serde_json::{Value, json};

/// Steps that one command of a fuzzer takes at most: how long training takes is asked for, and no fault.
const STEPS: u64 = 3;
/// Multiply-adds that a session is trained with: a larger network is set up, looked at and left.
const TRAINED: usize = 100_000;

/// A session and its clock, which moves so that what plays comes to an end.
pub struct Watched {
    /// The session.
    pub session: Session,
    clock: Cell<f64>,
}

/// All that a refusal must leave as it was.
#[derive(PartialEq)]
struct State {
    snapshot: Vec<u8>,
    config: Config,
    playing: bool,
}

impl Watched {
    /// As the page opens, with what comes in a link where `link` says so.
    pub fn new(limits: Limits) -> Self {
        let mut session = Session::new().expect("the defaults fit");
        session.limit(limits);
        Self {
            session,
            clock: Cell::new(0.0),
        }
    }

    fn state(&self) -> State {
        State {
            snapshot: self.session.snapshot(),
            config: self.session.config().clone(),
            playing: self.session.wait_ms(self.clock.get()).is_some(),
        }
    }

    /// Carries `command` out; whether it was accepted.
    pub fn send(&mut self, command: &str) -> bool {
        let before = self.state();
        let clock = &self.clock;
        let events = self.session.handle(command, &|| {
            clock.set(clock.get() + 0.05);
            clock.get()
        });
        let refusal = events.iter().find_map(|event| match event {
            Event::Rejected { refusal } => Some(refusal.clone()),
            _ => None,
        });
        // Without the digits' bytes nothing has changed either.
        let waits = matches!(events.as_slice(), [Event::NeedsDigits]);
        self.judge(&before, refusal.as_ref(), waits)
    }

    fn judge(&mut self, before: &State, refusal: Option<&Refusal>, waits: bool) -> bool {
        if let Some(refusal) = refusal {
            sound(refusal);
        }
        let accepted = refusal.is_none() && !waits;
        assert!(
            accepted || *before == self.state(),
            "a refusal left a trace: {refusal:?}"
        );
        accepted
    }

    /// Restores `bytes`; whether they were accepted.
    pub fn restore(&mut self, bytes: &[u8]) -> bool {
        let before = self.state();
        let refusal = self
            .session
            .restore(bytes)
            .err()
            .map(|error| error.refusal());
        self.judge(&before, refusal.as_ref(), false)
    }

    /// A frame; a look changes nothing that is kept, refused or not.
    pub fn look(&mut self, wants: &str) {
        let before = self.state();
        let frame = self.session.frame(wants, &|| 0.0);
        if let Err(error) = frame {
            sound(&error.refusal());
        }
        assert!(before == self.state(), "a look left a trace");
    }

    /// Whether a step of the present run takes no longer than a fuzzer has.
    pub fn is_small(&mut self) -> bool {
        let trainer = &self.session.run().trainer;
        trainer.plan().network.multiply_adds() <= TRAINED
    }

    /// A stretch of what plays.
    pub fn advance(&mut self) {
        let clock = &self.clock;
        self.session.advance(0.2, &|| {
            clock.set(clock.get() + 0.05);
            clock.get()
        });
    }
}

fn sound(refusal: &Refusal) {
    assert!(
        !refusal.code.is_empty()
            && !refusal.field.is_empty()
            && refusal.field.chars().count() <= 200,
        "{refusal:?}"
    );
}

/// A config that is accepted is trained, looked at, and accepted again as it came out; one that is refused leaves no trace.
pub fn configured(limits: Limits, text: &str) {
    let mut watched = Watched::new(limits);
    for (kind, field) in [("configure", "config"), ("patch", "patch")] {
        let command = format!("{{\"type\":\"{kind}\",\"{field}\":{text}}}");
        if !watched.send(&command) {
            continue;
        }
        let accepted = watched.session.config().clone();
        let again = json!({"type": "configure", "config": serde_json::to_value(&accepted).expect("it has a JSON form")});
        assert!(watched.send(&again.to_string()), "{again} is its own");
        assert!(
            *watched.session.config() == accepted,
            "{again} came to another"
        );
        if watched.is_small() {
            watched.send(r#"{"type":"step","count":2}"#);
            watched.look(r#"{"maps":{"resolution":5,"hidden":true},"history":true}"#);
        }
    }
}

/// `command` with counts that a fuzzer has the time for.
pub fn shortened(command: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(command) else {
        return command.to_owned();
    };
    if let Some(count) = value.get_mut("count")
        && count
            .as_u64()
            .is_some_and(|count| (STEPS..=100_000).contains(&count))
    {
        *count = STEPS.into();
    }
    value.to_string()
}
