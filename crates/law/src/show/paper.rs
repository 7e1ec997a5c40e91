//! Lines of a given width, with hanging indents.

/// A text that grows line by line.
pub(super) struct Paper {
    width: usize,
    out: String,
}

impl Paper {
    pub(super) fn new(width: usize) -> Self {
        // Narrower than this every word would stand on its own line.
        Self { width: width.max(30), out: String::new() }
    }

    pub(super) fn blank(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// A paragraph: `mark` before its first line, the others indented as far.
    pub(super) fn line(&mut self, indent: usize, mark: &str, text: &str) {
        let lead = format!("{}{mark}", " ".repeat(indent));
        let hang = " ".repeat(lead.chars().count());
        let mut column = lead.chars().count();
        self.out.push_str(&lead);
        let mut first = true;
        for word in text.split_whitespace() {
            let len = word.chars().count();
            if !first && column + 1 + len > self.width {
                self.out.push('\n');
                self.out.push_str(&hang);
                column = hang.chars().count();
                first = true;
            }
            if !first {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(word);
            column += len;
            first = false;
        }
        self.out.push('\n');
    }

    /// Whether so much fits into one line.
    pub(super) fn fits(&self, indent: usize, text: &str) -> bool {
        indent + text.chars().count() <= self.width
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}
