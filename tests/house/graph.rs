//! Circles among files that use each other.

use std::collections::{BTreeMap, BTreeSet};

pub type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// For each group of files that all reach each other: a shortest circle in it, from its first file on.
pub fn circles<'a>(graph: &Graph<'a>) -> Vec<Vec<&'a str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|file| (*file, reach(graph, file)))
        .collect();
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for (file, all) in &reached {
        if !all.contains(file) || seen.contains(file) {
            continue;
        }
        let is_back = |other: &&&str| reached.get(*other).is_some_and(|all| all.contains(file));
        let group: BTreeSet<&str> = all.iter().filter(is_back).copied().collect();
        let shortest = group
            .iter()
            .filter_map(|file| circle(graph, file))
            .min_by_key(Vec::len);
        circles.extend(shortest);
        seen.extend(group);
    }
    circles
}

fn reach<'a>(graph: &Graph<'a>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = graph.get(from).into_iter().flatten().copied().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(graph.get(next).into_iter().flatten());
        }
    }
    reached
}

/// A shortest way from a file back to itself.
fn circle<'a>(graph: &Graph<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way
                .last()
                .and_then(|last| graph.get(last))
                .into_iter()
                .flatten()
            {
                if *next == start {
                    return Some(way);
                }
                if seen.insert(*next) {
                    longer.push([way.as_slice(), &[*next]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortest_circle_of_each_group_is_found() {
        let edges = [
            ("a", "b"),
            ("b", "c"),
            ("c", "a"),
            ("c", "b"),
            ("d", "a"),
            ("e", "f"),
            ("f", "e"),
            ("g", "e"),
        ];
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry(from).or_default().insert(to);
        }
        assert_eq!(circles(&graph), [vec!["b", "c"], vec!["e", "f"]]);
    }
}
