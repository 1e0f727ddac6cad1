//! Values into the places of a text: `<<name>>`. What is put in is never looked at again.

/// The text with each place filled; a place without a value stays as it is, which a test would see.
pub(super) fn fill(text: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        out.push_str(before);
        let place = after
            .split_once(">>")
            .and_then(|(name, then)| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (value, then)));
        match place {
            Some((value, then)) => {
                out.push_str(value);
                rest = then;
            }
            None => {
                out.push_str("<<");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_not_filled_again() {
        let values = [("a", "<<b>>".to_owned()), ("b", "2".to_owned())];
        assert_eq!(fill("x << 1, <<a>><<b>> <<c>>", &values), "x << 1, <<b>>2 <<c>>");
    }
}
