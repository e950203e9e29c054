//! Command scripts: what a page does, without a page.

use neural_playground::session::{Event, FinishReason, Session};

fn clock() -> f64 {
    0.0
}

fn send(session: &mut Session, command: &str) -> Vec<Event> {
    session.handle(command, &clock)
}

fn loss(session: &mut Session) -> f64 {
    session.metrics(&clock).train.loss
}

#[test]
fn the_page_as_it_opens_learns_the_circle() {
    let mut session = Session::new().unwrap();
    let before = loss(&mut session);
    assert!(send(&mut session, r#"{"type":"epoch","count":200}"#).is_empty());
    let metrics = session.metrics(&clock);
    assert!(before > 0.5, "{before}");
    assert!(metrics.train.loss < 0.1, "{}", metrics.train.loss);
    let accuracy = metrics.validation.unwrap().metrics["accuracy"];
    assert!(accuracy > 0.95, "{accuracy}");
    assert_eq!((metrics.step, metrics.epoch), (200 * 25, 200.0));
    assert!(metrics.test.is_none());
}
