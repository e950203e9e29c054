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

fn chosen(session: &mut Session, dataset: &str) -> neural_playground::config::Config {
    let events = send(session, &format!(r#"{{"type":"choose_dataset","dataset":"{dataset}"}}"#));
    assert!(matches!(events[0], Event::Configured { .. }), "{events:?}");
    session.config().clone()
}

#[test]
fn a_way_through_other_families_of_data_leads_back_to_the_same_settings() {
    let mut session = Session::new().unwrap();
    let patch = r#"{"type":"patch","patch":{"data":{"features":["x","y","sin_x"]},"training":{"loss":"mse"}}}"#;
    send(&mut session, patch);
    let before = session.config().clone();
    let line = chosen(&mut session, "line_sine");
    assert_eq!((line.data.features.as_slice(), line.training.loss.id.as_str()), (&["x".to_owned()][..], "mse"));
    assert_eq!(line.network.output.activation.id, "linear");
    assert_eq!(chosen(&mut session, "reg_plane").data.features, ["x", "y"]);
    let blobs = chosen(&mut session, "blobs");
    assert_eq!(blobs.network.output.activation.id, "sigmoid");
    assert_eq!(chosen(&mut session, "circle"), before);
}
