//! Columns of text, as wide as what they hold.

/// Rows under a head, two blanks between columns, each line indented by two.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let widths: Vec<usize> = (0..N)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
            cells.chain(head.get(column).map(|cell| width(cell))).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: &[&str]| {
        let padded = cells.iter().zip(&widths).map(|(cell, wide)| {
            let blanks = " ".repeat(wide.saturating_sub(width(cell)));
            format!("{cell}{blanks}")
        });
        format!("  {}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    let mut text = line(&head);
    for row in rows {
        text.push_str(&line(&row.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    text
}

/// Columns that the text takes on a terminal.
fn width(text: &str) -> usize {
    // Ideographs and emoji take two columns, marks none.
    unicode_width::UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_wide_characters_too() {
        let rows = [["人事".to_owned(), "1".to_owned()], ["feed".to_owned(), "2".to_owned()]];
        assert_eq!(table(["name", "n"], &rows), "  name  n\n  人事  1\n  feed  2\n");
    }
}
