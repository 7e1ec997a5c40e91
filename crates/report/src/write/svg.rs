//! Charts as SVG: lengths in percent and letters in pixels, so that they stay legible at any width.

use super::chart::Chart;
use maud::{Markup, html};

/// Letters that fit a line on the narrowest screen.
const LINE: usize = 36;

/// Where bars end, in percent: right of it stand the numbers.
const END: usize = 74;
/// From one bar to the next, in pixels.
const STEP: usize = 22;

/// A chart as SVG, with title and description for those who do not see it. Label, bar and number stand on one line; a frame shows how long a bar can get.
pub(crate) fn svg(chart: &Chart, id: &str) -> Markup {
    let longest = chart.groups.iter().flat_map(|g| &g.bars).map(|b| b.label.chars().count()).max().unwrap_or(0);
    // A letter takes two and a half percent of the narrowest screen.
    let start = if longest == 0 { 0 } else { (3 + longest * 5 / 2).min(50) };
    let mut y = 0;
    let mut parts: Vec<Markup> = Vec::new();
    for group in &chart.groups {
        for line in lines(&group.heading) {
            parts.push(html! { text.heading x="0" y=(y + 15) { (line) } });
            y += STEP;
        }
        for bar in &group.bars {
            if !bar.label.is_empty() {
                parts.push(html! { text.label x="0" y=(y + 15) { (bar.label) } });
            }
            let across = END - start;
            let frame = if bar.length.is_some() { "frame" } else { "withheld" };
            parts.push(html! { rect class=(frame) x={ (start) "%" } y=(y + 4) width={ (across) "%" } height="12" {} });
            // Of a zero the empty frame is all there is.
            if let Some(length @ 1..) = bar.length {
                let hundredths = length * across as u64 / 10;
                let width = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
                parts.push(html! { rect class={ "bar bar-" (bar.column % 3) } x={ (start) "%" } y=(y + 4) width=(width) height="12" {} });
            }
            parts.push(html! { text.label x={ (END) "%" } dx="8" y=(y + 15) { (bar.number) } });
            y += STEP;
        }
        y += STEP / 2;
    }
    html! {
        svg role="img" aria-labelledby={ (id) "-title " (id) "-desc" } width="100%" height=(y) xmlns="http://www.w3.org/2000/svg" {
            title id={ (id) "-title" } { (chart.title) }
            desc id={ (id) "-desc" } { (chart.description) }
            @for part in parts { (part) }
        }
    }
}

/// A heading in lines that fit.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(last) = lines.last_mut() else { continue };
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > LINE {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Chart, svg};
    use crate::write::chart::{Bar, Group};

    #[test]
    fn label_bar_and_number_stand_on_one_line_and_zero_is_an_empty_frame() {
        let bar = |label: &str, number: &str, length| Bar { label: label.to_owned(), number: number.to_owned(), length, column: 0 };
        let bars = vec![bar("Done", "4", Some(1000)), bar("Declined", "0", Some(0)), bar("Open", "withheld", None)];
        let chart = Chart { title: "T".to_owned(), description: "D".to_owned(), groups: vec![Group { heading: "Hold".to_owned(), bars }] };
        let drawn = svg(&chart, "c").into_string();
        for (label, number, y) in [("Done", "4", 37), ("Declined", "0", 59), ("Open", "withheld", 81)] {
            assert!(drawn.contains(&format!("y=\"{y}\">{label}<")), "{drawn}");
            assert!(drawn.contains(&format!("y=\"{y}\">{number}<")), "{drawn}");
            assert!(drawn.contains(&format!("y=\"{}\" width=\"51%\"", y - 11)), "{drawn}");
        }
        assert_eq!(drawn.matches("class=\"frame\"").count(), 2);
        assert_eq!(drawn.matches("class=\"bar bar-0\"").count(), 1);
        assert!(drawn.contains("width=\"51.00%\""), "the longest bar fills its frame: {drawn}");
    }
}
