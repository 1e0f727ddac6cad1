//! What the page itself can be asked: accessibility, and what its policy stopped.

use serde_json::{Value, json};

use super::{Page, library};

impl Page {
    /// What axe finds wrong on the page as it stands, one line a rule.
    pub async fn accessibility_faults(&self) -> Vec<String> {
        if self.script("return typeof axe === 'undefined'", vec![]).await == json!(true) {
            self.script(&library("axe-core/axe.min.js"), vec![]).await;
        }
        let answer = self.driver.execute_async(AXE, vec![]).await.expect("axe runs in the page");
        let found = answer.json();
        assert!(found.get("rules").and_then(Value::as_u64) > Some(20), "axe looked at next to nothing: {found}");
        let faults = found.get("faults").and_then(Value::as_array).cloned().unwrap_or_default();
        faults.iter().filter_map(|fault| fault.as_str().map(str::to_owned)).collect()
    }

    /// Fails with what axe finds.
    pub async fn is_accessible(&self, screen: &str) {
        let faults = self.accessibility_faults().await;
        assert!(faults.is_empty(), "axe on {screen}:\n{}", faults.join("\n"));
    }

    /// From now on notes what the content security policy stops, and what it stopped before.
    /// True when the web view can tell the latter.
    pub async fn watch_policy(&self) -> Value {
        self.script(WATCH, vec![]).await
    }

    /// What the policy stopped, one line each.
    pub async fn policy_violations(&self) -> Vec<String> {
        let noted = self.script("return window[Symbol.for('e2e-policy')]", vec![]).await;
        let noted = noted.as_array().expect("watch_policy was called on this page");
        noted.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect()
    }
}

const AXE: &str = r"
const done = arguments[arguments.length - 1];
// Colours on their way from one to another are neither.
const moving = document.getAnimations().filter((one) => one instanceof CSSTransition);
Promise.allSettled(moving.map((one) => one.finished)).then(() =>
// Tabster, which moves the focus within Fluent, marks its sentinels as hidden: they pass the focus on and never keep it.
axe.run({ exclude: ['[data-tabster-dummy]'] }, { resultTypes: ['violations', 'passes'] })).then(
  (found) => done({
    rules: found.passes.length + found.inapplicable.length,
    faults: found.violations.map((rule) =>
      `${rule.id}: ${rule.help}: ${rule.nodes.map((node) => `${node.target.join(' ')} (${node.failureSummary})`).join('; ')}`),
  }),
  (error) => done({ rules: 0, faults: [String(error)] }),
);
";

const WATCH: &str = r"
const noted = [];
window[Symbol.for('e2e-policy')] = noted;
const note = (what) => noted.push(`${what.effectiveDirective}: ${what.blockedURI ?? what.blockedURL} at ${what.sourceFile ?? ''}:${what.lineNumber ?? ''}`);
document.addEventListener('securitypolicyviolation', note);
if (typeof ReportingObserver !== 'undefined') {
  new ReportingObserver((reports) => reports.forEach((report) => note(report.body)), { types: ['csp-violation'], buffered: true }).observe();
}
return typeof ReportingObserver !== 'undefined';
";
