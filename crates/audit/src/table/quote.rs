//! Quotes that were opened and not closed.

/// Where a quote stands open at the end of these bytes, which begin with a row: how many lines below their start, and in which cell from 0. `None` if none is.
pub(crate) fn opened_and_not_closed(bytes: &[u8], delimiter: u8) -> Option<(u64, usize)> {
    #[derive(Clone, Copy)]
    enum At {
        Start,
        Bare,
        Quoted,
        /// A quote within quotes: the end of the cell, or half of a doubled one.
        Half,
    }
    let (mut at, mut line, mut cell, mut opened) = (At::Start, 0, 0, (0, 0));
    for byte in bytes {
        line += u64::from(*byte == b'\n');
        at = match (at, *byte) {
            (At::Start, b'"') => {
                opened = (line, cell);
                At::Quoted
            }
            (At::Quoted, b'"') => At::Half,
            (At::Quoted, _) | (At::Half, b'"') => At::Quoted,
            (_, b'\n' | b'\r') => {
                cell = 0;
                At::Start
            }
            (_, b) if b == delimiter => {
                cell += 1;
                At::Start
            }
            _ => At::Bare,
        };
    }
    matches!(at, At::Quoted).then_some(opened)
}

#[cfg(test)]
mod tests {
    use super::opened_and_not_closed;

    #[test]
    fn quotes() {
        let open = |text: &str| opened_and_not_closed(text.as_bytes(), b',');
        for closed in ["", "a,b\n", "\"a\",b", "a,\"b \"\"c\"\"\"", "5\" pipe,6\"\n", "\"a\nb\",c", "\"\"", "\"a\"x\"", "a,\"\""] {
            assert_eq!(open(closed), None, "{closed:?}");
        }
        assert_eq!(open("a,\"b\nc,d\n"), Some((0, 1)));
        assert_eq!(open("a,b\n\"c\nd\",e,\"f\n\n"), Some((2, 2)));
        assert_eq!(open("\"a\"\""), Some((0, 0)));
    }
}
