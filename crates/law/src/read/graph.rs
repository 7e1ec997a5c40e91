//! Things that use other things: in order, and the circles among them.

/// The nodes, each after those that it uses, and the circles; `uses` has for each node those that it uses. Walks without recursion.
pub(crate) fn order(uses: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; uses.len()];
    let (mut order, mut circles) = (Vec::with_capacity(uses.len()), Vec::new());
    for root in 0..uses.len() {
        // The nodes that lead here, each with how many of its uses were walked.
        let mut path: Vec<(usize, usize)> = Vec::new();
        let mut enter = Some(root).filter(|r| marks.get(*r) == Some(&Mark::New));
        loop {
            if let Some(node) = enter.take() {
                if let Some(mark) = marks.get_mut(node) {
                    *mark = Mark::Open;
                }
                path.push((node, 0));
            }
            let Some((node, walked)) = path.last_mut() else { break };
            let (node, next) = (*node, uses.get(*node).and_then(|u| u.get(*walked)).copied());
            *walked += 1;
            match next.map(|n| (n, marks.get(n).copied().unwrap_or(Mark::Done))) {
                Some((n, Mark::New)) => enter = Some(n),
                Some((n, Mark::Open)) => circles.push(path.iter().map(|(p, _)| *p).skip_while(|p| *p != n).collect()),
                Some((_, Mark::Done)) => {}
                None => {
                    if let Some(mark) = marks.get_mut(node) {
                        *mark = Mark::Done;
                    }
                    order.push(node);
                    path.pop();
                }
            }
        }
    }
    (order, circles)
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn uses_come_first_and_circles_are_found() {
        assert_eq!(order(&[vec![1, 2], vec![2], vec![]]), (vec![2, 1, 0], vec![]));
        assert_eq!(order(&[vec![1], vec![0], vec![1]]), (vec![1, 0, 2], vec![vec![0, 1]]));
        assert_eq!(order(&[vec![0]]), (vec![0], vec![vec![0]]));
    }
}
