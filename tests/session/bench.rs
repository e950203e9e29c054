//! A session, a clock that the test winds, and what to read off them.

use std::cell::Cell;

use neural_playground::config::{Adaptation, Config, Effect, Named};
use neural_playground::error::Refusal;
use neural_playground::session::{Event, FinishReason, Frame, Metrics, Remedy, Session};
use serde_json::{Value, json};

pub(crate) struct Bench {
    pub(crate) session: Session,
    /// Milliseconds; every look at it takes `tick`.
    pub(crate) clock: Cell<f64>,
    pub(crate) tick: Cell<f64>,
}

/// Everything that a refused wish must leave as it was, to the bit.
#[derive(Debug, PartialEq)]
pub(crate) struct State {
    config: Config,
    weights: Vec<(String, Vec<usize>, Vec<u32>)>,
    metrics: String,
    step: u64,
    run: u32,
    playing: bool,
    rows: Vec<u32>,
    points: Vec<u32>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct End {
    pub(crate) reason: FinishReason,
    pub(crate) step: u64,
    pub(crate) epoch: f64,
    pub(crate) detail: Named,
    pub(crate) remedies: Vec<Remedy>,
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            session: Session::new().unwrap(),
            clock: Cell::new(0.0),
            tick: Cell::new(0.0),
        }
    }

    /// A session with `patch` laid over the defaults.
    pub(crate) fn with(patch: &Value) -> Self {
        let mut bench = Self::new();
        bench.accept("patch", patch);
        bench
    }

    pub(crate) fn send(&mut self, command: &str) -> Vec<Event> {
        let (clock, tick) = (&self.clock, &self.tick);
        self.session.handle(command, &|| {
            clock.set(clock.get() + tick.get());
            clock.get()
        })
    }

    pub(crate) fn send_json(&mut self, command: &Value) -> Vec<Event> {
        self.send(&command.to_string())
    }

    /// Sends `configure` or `patch`; the events, which must not refuse.
    pub(crate) fn accept(&mut self, kind: &str, wish: &Value) -> Vec<Event> {
        let field = if kind == "patch" { "patch" } else { "config" };
        let events = self.send_json(&json!({"type": kind, field: wish}));
        assert!(configured(&events).is_some(), "{wish}: {events:?}");
        events
    }

    pub(crate) fn patch(&mut self, wish: &Value) -> Effect {
        configured(&self.accept("patch", wish)).unwrap().0
    }

    pub(crate) fn choose(&mut self, dataset: &str) -> Vec<Event> {
        self.send_json(&json!({"type": "choose_dataset", "dataset": dataset}))
    }

    pub(crate) fn steps(&mut self, count: u32) -> Vec<Event> {
        self.send_json(&json!({"type": "step", "count": count}))
    }

    pub(crate) fn epochs(&mut self, count: u32) -> Vec<Event> {
        self.send_json(&json!({"type": "epoch", "count": count}))
    }

    pub(crate) fn advance(&mut self, budget: f64) -> Vec<Event> {
        let (clock, tick) = (&self.clock, &self.tick);
        self.session.advance(budget, &|| {
            clock.set(clock.get() + tick.get());
            clock.get()
        })
    }

    pub(crate) fn frame(&mut self, wants: &Value) -> Frame {
        self.session.frame(&wants.to_string(), &|| 0.0).unwrap()
    }

    pub(crate) fn metrics(&mut self) -> Metrics {
        self.session.metrics(&|| 0.0)
    }

    pub(crate) fn step_count(&mut self) -> u64 {
        self.session.run().trainer.step_count()
    }

    pub(crate) fn epoch(&mut self) -> f64 {
        self.session.run().trainer.epoch()
    }

    pub(crate) fn weight_bits(&mut self) -> Vec<u32> {
        bits(self.session.run().trainer.parameters())
    }

    pub(crate) fn playing(&mut self) -> bool {
        self.frame(&json!({})).head.playing
    }

    pub(crate) fn run_number(&mut self) -> u32 {
        self.frame(&json!({})).head.run
    }

    pub(crate) fn history_rows(&mut self) -> usize {
        self.frame(&json!({"history": true})).history.unwrap().rows
    }

    pub(crate) fn state(&mut self) -> State {
        let metrics = format!("{:?}", self.metrics());
        let frame = self.frame(&json!({"history": true}));
        let points = self.session.points();
        State {
            config: self.session.config().clone(),
            weights: self
                .session
                .weights()
                .into_iter()
                .map(|tensor| (tensor.name, tensor.shape, bits(&tensor.data)))
                .collect(),
            metrics,
            step: frame.head.step,
            run: frame.head.run,
            playing: frame.head.playing,
            rows: bits(&frame.history.unwrap().data),
            points: [points.x, points.y, points.label]
                .iter()
                .flat_map(|v| bits(v))
                .collect(),
        }
    }
}

pub(crate) fn configured(events: &[Event]) -> Option<(Effect, Vec<Adaptation>)> {
    events.iter().find_map(|event| match event {
        Event::Configured {
            effect, adapted, ..
        } => Some((*effect, adapted.clone())),
        _ => None,
    })
}

pub(crate) fn refusal(events: &[Event]) -> Refusal {
    match events {
        [Event::Rejected { refusal }] => refusal.clone(),
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) fn end(events: &[Event]) -> Option<End> {
    events.iter().find_map(|event| match event {
        Event::Finished {
            reason,
            step,
            epoch,
            detail,
            remedies,
            ..
        } => Some(End {
            reason: *reason,
            step: *step,
            epoch: *epoch,
            detail: detail.clone(),
            remedies: remedies.clone(),
        }),
        _ => None,
    })
}

/// An asset of ten thousand made-up digits: digit `k` has a bar of ink in the rows from `2 k`.
pub(crate) fn digits() -> Vec<u8> {
    let (learning, test) = (8000_u32, 2000_u32);
    let count = (learning + test) as usize;
    let mut bytes = b"NPDIGIT1".to_vec();
    bytes.extend(learning.to_le_bytes());
    bytes.extend(test.to_le_bytes());
    bytes.extend([28, 28, 8, 10]);
    bytes.extend((0..count).map(|index| u8::try_from(index % 10).unwrap()));
    for index in 0..count {
        let mut image = [0_u8; 784];
        let start = index % 10 * 56 + index / 10 % 20;
        image[start..start + 60].fill(200);
        bytes.extend(image);
    }
    bytes
}
