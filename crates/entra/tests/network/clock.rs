//! How far this computer's clock is off, by what the services say (security P12).

use std::sync::Arc;

use async_trait::async_trait;
use inbound_entra::clock::Clock;
use inbound_entra::graph::Call;
use inbound_entra::http::Http;
use jiff::{SignedDuration, Timestamp};

use crate::stage::{Answer, Stage, graph, me};

/// A clock that is off by so much.
#[derive(Debug)]
struct Off(SignedDuration);

#[async_trait]
impl Clock for Off {
    fn now(&self) -> Timestamp {
        Timestamp::now() + self.0
    }

    async fn sleep(&self, _: std::time::Duration) {}
}

#[tokio::test]
async fn p12_a_clock_that_is_off_is_measured_and_stops_nothing() {
    let stage = Stage::new();
    for hours in [-24, 0, 24] {
        let server = stage.serve(|_| me()).await;
        let cloud = stage.practice(server.port);
        let (graph, http) = (graph(&cloud), Http::of(&cloud).unwrap());
        assert_eq!(http.clock_offset(), None, "not before an answer");
        http.measure_by(Arc::new(Off(SignedDuration::from_hours(hours))));
        assert!(graph.me(&Call::default()).await.is_ok(), "{hours}");
        let offset = http.clock_offset().expect("measured");
        // The service is behind a clock that is ahead.
        let error = (offset + SignedDuration::from_hours(hours)).abs();
        assert!(error < SignedDuration::from_secs(60), "{hours}: {offset:?}");
        assert_eq!(graph.clock_offset(), Some(offset), "the client of the same cloud knows");
    }
}

#[tokio::test]
async fn p12_an_answer_without_a_time_that_can_be_read_tells_nothing() {
    let stage = Stage::new();
    let server = stage.serve(|_| me().with("date", "yesterday".to_owned())).await;
    let cloud = stage.practice(server.port);
    let (graph, http) = (graph(&cloud), Http::of(&cloud).unwrap());
    http.measure_by(Arc::new(Off(SignedDuration::ZERO)));
    assert!(graph.me(&Call::default()).await.is_ok());
    assert_eq!(http.clock_offset(), None);
}

#[tokio::test]
async fn p12_the_last_answer_counts_and_a_page_of_the_network_does_not() {
    let stage = Stage::new();
    let at = |text: &str| ("date", text.to_owned());
    let server = stage
        .serve(move |seen| {
            let (name, value) = at("Thu, 20 Aug 2026 12:00:00 GMT");
            if seen.path.contains("organization") {
                Answer::html(200).with(name, value)
            } else {
                me().with(name, value)
            }
        })
        .await;
    let cloud = stage.practice(server.port);
    let (graph, http) = (graph(&cloud), Http::of(&cloud).unwrap());
    http.measure_by(Arc::new(Off(SignedDuration::ZERO)));
    assert!(graph.organization(&Call::default()).await.is_err());
    assert_eq!(http.clock_offset(), None);
    assert!(graph.me(&Call::default()).await.is_ok());
    let expected = "2026-08-20T12:00:00Z".parse::<Timestamp>().unwrap().duration_since(Timestamp::now());
    assert!((http.clock_offset().expect("measured") - expected).abs() < SignedDuration::from_secs(60));
}
