//! The matrix, a point and a fault at a time: each test strikes every call.

use std::collections::BTreeMap;

use futures::{StreamExt, stream};

use crate::calls::{Fault, Point};
use crate::cell::{self, Lost, Place, Undisturbed};
use crate::child;
use crate::page;
use crate::scene::{Scene, Story};

/// So many cells at a time: those without answers wait for most of their time.
const SIDE_BY_SIDE: usize = 4;

/// Strikes every call at `point` with `fault`, and compares with the table, or writes it.
async fn strike(test: &str, point: Point, fault: Fault) {
    let mut undisturbed = BTreeMap::new();
    for scene in Scene::ALL {
        undisturbed.insert(scene, Undisturbed::of(scene).await);
    }
    let all = Story::all().into_iter().flat_map(|story| story.calls().into_iter().map(move |at| (story, at)));
    let all = all.filter(|(_, at)| at.kind.points().contains(&point));
    let places: Vec<Place> = all.map(|(story, at)| Place { story, at, point, fault }).collect();
    let cells = stream::iter(&places).map(|place| cell::befall(test, *place, &undisturbed[&place.story.scene]));
    let results: Vec<Result<String, Lost>> = cells.buffered(SIDE_BY_SIDE).collect().await;
    let mut lost = Vec::new();
    let mut told = Vec::new();
    for (place, result) in places.into_iter().zip(results) {
        let words = result.unwrap_or_else(|Lost(why)| {
            lost.push(format!("{place:?}: {why}"));
            "LOST".to_owned()
        });
        println!("{}, {}, {}, {}: {words}", place.story.words(), place.at, point.words(), fault.words());
        told.push((place, words));
    }
    let hold = told.len() - lost.len();
    println!("fault matrix, {}, {}: {hold} of {} cells hold", fault.words(), point.words(), told.len());
    assert!(lost.is_empty(), "{}", lost.join("\n\n"));
    page::keep_cells(&told);
}

macro_rules! rows {
    ($($name:ident: $point:ident, $fault:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            if child::was_it_me().await {
                return;
            }
            strike(concat!("rows::", stringify!($name)), Point::$point, Fault::$fault).await;
        }
    )*};
}

rows! {
    f01_killed_before_a_call_is_sent: BeforeSend, Kill;
    f02_killed_after_a_call_was_carried_out_and_before_its_answer: Unanswered, Kill;
    f03_killed_with_the_answer_in_hand_and_before_it_is_journalled: Answered, Kill;
    f04_killed_once_the_answer_is_journalled: Journalled, Kill;
    f05_connections_are_reset_before_a_call_is_read: BeforeSend, Reset;
    f06_connections_are_reset_once_a_call_was_carried_out: Unanswered, Reset;
    f07_an_answer_is_cut_in_mid_body: Unanswered, Cut;
    f08_an_answer_does_not_come_in_time: Unanswered, TimeOut;
    f09_a_server_fault_before_a_call_is_carried_out: BeforeSend, Failing;
    f10_a_server_fault_once_a_call_was_carried_out: Unanswered, Failing;
    no_answer_comes_any_more_before_a_call_is_sent: BeforeSend, TimeOut;
    connections_are_reset_and_the_disk_is_gone_with_the_answer_in_hand: Answered, Reset;
    server_faults_begin_and_the_disk_is_gone_with_the_answer_in_hand: Answered, Failing;
    no_answer_comes_any_more_and_the_disk_is_gone_with_the_answer_in_hand: Answered, TimeOut;
    connections_are_reset_once_the_answer_is_journalled: Journalled, Reset;
    server_faults_begin_once_the_answer_is_journalled: Journalled, Failing;
    no_answer_comes_any_more_once_the_answer_is_journalled: Journalled, TimeOut;
}
