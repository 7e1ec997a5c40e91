//! Charts as SVG: lengths in percent and letters in pixels, so that they stay legible at any width.

use super::chart::Chart;
use maud::{Markup, html};

/// Letters that fit a line on the narrowest screen.
const LINE: usize = 36;

/// A chart as SVG, with title and description for those who do not see it.
pub(crate) fn svg(chart: &Chart, id: &str) -> Markup {
    let mut y = 4;
    let mut parts: Vec<Markup> = Vec::new();
    for group in &chart.groups {
        for line in lines(&group.heading) {
            y += 18;
            parts.push(html! { text.heading x="0" y=(y) { (line) } });
        }
        for bar in &group.bars {
            y += 18;
            parts.push(html! { text.label x="0" y=(y) { (bar.label) } });
            let width = format!("{}.{}%", bar.length.unwrap_or(1000) / 10, bar.length.unwrap_or(1000) % 10);
            let class = if bar.length.is_some() { format!("bar bar-{}", bar.column % 3) } else { "withheld".to_owned() };
            // Nothing is drawn for nothing.
            if bar.length != Some(0) {
                parts.push(html! { rect class=(class) x="0" y=(y + 5) width=(width) height="10" {} });
                y += 16;
            }
        }
        y += 10;
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
