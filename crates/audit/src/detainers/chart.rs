//! Bars for the terminal and for pages.

/// A bar of so many of at most `width` cells, in eighths: `████▍`. Anything more than nothing shows at least one eighth.
#[must_use]
pub fn bar(n: usize, most: usize, width: usize) -> String {
    if n == 0 || most == 0 {
        return String::new();
    }
    let eighths = (n * width * 8 / most).max(1);
    let mut bar = "█".repeat(eighths / 8);
    if let Some(part) = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"].get(eighths % 8) {
        bar.push_str(part);
    }
    bar
}

/// A text as it may stand in HTML and in SVG.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// The color of an outcome's bar; told apart in lightness as well, for who does not see hues.
pub(crate) fn color(outcome: &str) -> &'static str {
    match outcome {
        "required" => "#1b4f8f",
        "permitted" => "#2f7d4f",
        "forbidden" => "#a3312b",
        "unregulated" => "#5d8a99",
        "conflict" => "#8a5a00",
        _ => "#b8a24a",
    }
}

/// A bar chart as SVG: labelled bars of one measure, with a title and a description for who cannot see it.
pub(crate) fn bars(id: &str, title: &str, bars: &[(String, usize)]) -> String {
    let most = bars.iter().map(|b| b.1).max().unwrap_or(1).max(1);
    let total: usize = bars.iter().map(|b| b.1).sum();
    let height = 28 * bars.len() + 8;
    let said: Vec<String> = bars.iter().map(|(name, n)| format!("{name}: {n}")).collect();
    let mut svg = format!(
        "<svg role=\"img\" aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 720 {height}\" width=\"720\" height=\"{height}\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">Bar chart of {total} rows. {}.</desc>",
        escaped(title),
        escaped(&said.join("; "))
    );
    for (at, (name, n)) in bars.iter().enumerate() {
        let (y, width) = (28 * at + 4, (440 * n).div_ceil(most).max(1));
        svg.push_str(&format!(
            "<text x=\"150\" y=\"{}\" text-anchor=\"end\">{}</text><rect x=\"160\" y=\"{y}\" width=\"{width}\" height=\"20\" rx=\"2\" fill=\"{}\"/><text x=\"{}\" y=\"{}\">{n} ({})</text>",
            y + 15,
            escaped(name),
            color(name),
            160 + width + 8,
            y + 15,
            percent(*n, total)
        ));
    }
    svg.push_str("</svg>");
    svg
}

/// A share in percent with one digit, rounded.
#[must_use]
pub fn percent(n: usize, of: usize) -> String {
    let tenths = (n * 1000 + of / 2).checked_div(of).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_proportion_and_show_the_smallest() {
        assert_eq!(bar(8, 8, 10), "██████████");
        assert_eq!(bar(1, 100_000, 10), "▏");
        assert_eq!(bar(0, 10, 10), "");
        assert_eq!([percent(1, 3), percent(2, 3), percent(98, 190)], ["33.3 %", "66.7 %", "51.6 %"]);
        assert_eq!([percent(0, 0), percent(0, 7), percent(7, 7), percent(1, 2000)], ["0.0 %", "0.0 %", "100.0 %", "0.1 %"]);
        assert!(bars("x", "<t>", &[("a&b".to_owned(), 3)]).contains("a&amp;b"));
    }
}
