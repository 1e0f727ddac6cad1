//! Scrolling the list of who has access, frame by frame, as a hand on the wheel or on the bar does.

use serde_json::{Value, json};

use super::Page;

/// What was seen while it was scrolled.
#[derive(Debug)]
pub struct Scrolled {
    /// The time from each frame to the next, in milliseconds, the shortest first.
    pub intervals_ms: Vec<f64>,
    /// Most lines that existed at once.
    pub most_lines: u64,
    /// Elements on the page when it came to rest.
    pub elements: u64,
}

impl Scrolled {
    /// The interval that this share (0 to 1) of all are not longer than.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        let last = self.intervals_ms.len() - 1;
        self.intervals_ms[(share * last as f64).round() as usize]
    }
}

impl Page {
    /// Scrolls the list from its top, so far in CSS pixels or to its end, evenly over a time in milliseconds.
    pub async fn scroll_the_list(&self, pixels: Option<u64>, milliseconds: u64) -> Scrolled {
        let seen = self.script(SCROLL, vec![json!(pixels), json!(milliseconds)]).await;
        let mut intervals_ms: Vec<f64> =
            seen["intervals"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        intervals_ms.sort_by(f64::total_cmp);
        assert!(intervals_ms.len() > 1, "frames were drawn: {seen}");
        let count = |name: &str| seen[name].as_u64().expect("a number");
        Scrolled { intervals_ms, most_lines: count("mostLines"), elements: count("elements") }
    }
}

const SCROLL: &str = r#"
const [pixels, milliseconds] = arguments;
const list = document.querySelector('[role=grid], [role=treegrid]');
const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
list.scrollTop = 0;
for (let frames = 0; frames < 30; frames += 1) await frame();
const far = Math.min(pixels ?? Infinity, list.scrollHeight - list.clientHeight);
const intervals = [];
let mostLines = 0;
const begun = await frame();
for (let before = begun, now = begun; now - begun < milliseconds; before = now) {
  now = await frame();
  intervals.push(now - before);
  list.scrollTop = far * Math.min(1, (now - begun) / milliseconds);
  mostLines = Math.max(mostLines, list.querySelectorAll('[data-testid=holder]').length);
}
for (let frames = 0; frames < 30; frames += 1) {
  await frame();
  mostLines = Math.max(mostLines, list.querySelectorAll('[data-testid=holder]').length);
}
return { intervals, mostLines, elements: document.querySelectorAll('*').length };
"#;
