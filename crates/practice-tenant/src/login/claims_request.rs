//! The `claims` parameter: what a client asks to stand in its tokens (graph-facts 11, claims challenges).

use serde_json::Value;

use crate::login::errors::LoginError;

/// What the parameter asks of the access token, as far as the tenant understands it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ClaimsRequest {
    /// The client understands claims challenges: `xms_cc` holds `cp1`.
    pub capable: bool,
    /// The token must not be older than this (`nbf`).
    pub not_before: Option<i64>,
    /// Authentication contexts (`acrs`).
    pub contexts: Vec<String>,
    /// Multi-factor authentication (`amr`).
    pub mfa: bool,
}

impl ClaimsRequest {
    /// Reads the parameter; one that is absent or empty asks for nothing.
    pub fn parse(text: Option<&String>) -> Result<Self, LoginError> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(Self::default()) };
        let malformed = || LoginError::malformed("claims");
        let Ok(Value::Object(asked)) = serde_json::from_str(text) else { return Err(malformed()) };
        let token = match asked.get("access_token") {
            None | Some(Value::Null) => return Ok(Self::default()),
            Some(Value::Object(token)) => token,
            Some(_) => return Err(malformed()),
        };
        let values = |name: &str| token.get(name).map(values).unwrap_or_default();
        Ok(Self {
            capable: values("xms_cc").iter().any(|it| it.eq_ignore_ascii_case("cp1")),
            not_before: values("nbf").iter().filter_map(|it| it.parse().ok()).max(),
            contexts: values("acrs"),
            mfa: values("amr").iter().any(|it| it == "mfa"),
        })
    }
}

/// `{"value": x}` or `{"values": [x, y]}`, as texts.
fn values(asked: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let many = asked.get("values").and_then(Value::as_array).into_iter().flatten();
    many.chain(asked.get("value")).filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ClaimsRequest, LoginError> {
        ClaimsRequest::parse(Some(&text.to_owned()))
    }

    #[test]
    fn capabilities_and_challenges_are_read_together() {
        let asked = parse(
            r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"},"xms_cc":{"values":["cp1"]},
                "acrs":{"essential":true,"value":"c1"},"amr":{"values":["mfa"]}}}"#,
        );
        let expected =
            ClaimsRequest { capable: true, not_before: Some(1_604_106_651), contexts: vec!["c1".into()], mfa: true };
        assert_eq!(asked, Ok(expected));
        assert_eq!(ClaimsRequest::parse(None), Ok(ClaimsRequest::default()));
        assert_eq!(parse(r#"{"id_token":{"auth_time":null}}"#), Ok(ClaimsRequest::default()));
        for wrong in ["cp1", "[]", r#"{"access_token":1}"#] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
