//! The county map: TopoJSON with shared borders, read once, drawn as SVG paths.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;

static FILE: &[u8] = include_bytes!("../../../assets/map/counties.json.gz");

#[derive(Deserialize)]
struct Topology {
    objects: Objects,
    arcs: Vec<Vec<[i32; 2]>>,
}

#[derive(Deserialize)]
struct Objects {
    counties: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Geometry {
    Polygon { id: String, arcs: Vec<Vec<i32>> },
    MultiPolygon { id: String, arcs: Vec<Vec<Vec<i32>>> },
}

/// The shapes of the counties, and the borders of the states, as SVG path data on a grid of half a pixel.
pub(crate) struct Shapes {
    /// By FIPS code of the county, five digits.
    pub(crate) counties: BTreeMap<String, String>,
    /// The lines between states, and the coast.
    pub(crate) borders: String,
}

/// The size of the map in its own units.
pub(crate) const SIZE: (i32, i32) = (1950, 1220);

impl Shapes {
    /// Reads the map that is part of the program.
    ///
    /// # Errors
    /// If it is damaged.
    pub(crate) fn read() -> Result<Self, String> {
        let mut text = String::new();
        flate2::read::GzDecoder::new(FILE).read_to_string(&mut text).map_err(|e| format!("the map does not unpack: {e}"))?;
        let topology: Topology = serde_json::from_str(&text).map_err(|e| format!("the map does not read: {e}"))?;
        let mut counties = BTreeMap::new();
        // Which state lies at each side of an arc: one state on both sides is no border.
        let mut sides: Vec<Vec<String>> = vec![Vec::new(); topology.arcs.len()];
        for geometry in &topology.objects.counties.geometries {
            let (id, polygons) = match geometry {
                Geometry::Polygon { id, arcs } => (id, vec![arcs]),
                Geometry::MultiPolygon { id, arcs } => (id, arcs.iter().collect()),
            };
            let mut path = String::new();
            for ring in polygons.into_iter().flatten() {
                draw(&mut path, &ring_points(ring, &topology.arcs));
                for arc in ring {
                    if let Some(side) = sides.get_mut(position(*arc)) {
                        side.push(id.get(..2).unwrap_or_default().to_owned());
                    }
                }
            }
            counties.insert(id.clone(), path);
        }
        let mut borders = String::new();
        for (arc, side) in topology.arcs.iter().zip(&sides) {
            if side.len() == 1 || side.first() != side.last() {
                line(&mut borders, &points(arc));
            }
        }
        Ok(Self { counties, borders })
    }
}

/// Where an arc stands; a negative number is the arc backwards.
fn position(arc: i32) -> usize {
    usize::try_from(if arc < 0 { !arc } else { arc }).unwrap_or(usize::MAX)
}

fn points(arc: &[[i32; 2]]) -> Vec<(i32, i32)> {
    let (mut x, mut y) = (0, 0);
    arc.iter()
        .map(|[dx, dy]| {
            x += dx;
            y += dy;
            (x, y)
        })
        .collect()
}

fn ring_points(ring: &[i32], arcs: &[Vec<[i32; 2]>]) -> Vec<(i32, i32)> {
    let mut out: Vec<(i32, i32)> = Vec::new();
    for number in ring {
        let mut part = arcs.get(position(*number)).map(|arc| points(arc)).unwrap_or_default();
        if *number < 0 {
            part.reverse();
        }
        out.extend(part);
    }
    out.dedup();
    out
}

/// A closed ring in relative steps; what shrank to a line is left out.
fn draw(path: &mut String, ring: &[(i32, i32)]) {
    if ring.len() >= 4 {
        line(path, ring.get(..ring.len() - 1).unwrap_or_default());
        path.push('z');
    }
}

fn line(path: &mut String, points: &[(i32, i32)]) {
    let Some((first, rest)) = points.split_first() else { return };
    if rest.is_empty() {
        return;
    }
    let _ = write!(path, "M{},{}l", first.0, first.1);
    let (mut x, mut y) = *first;
    for (at, point) in rest.iter().enumerate() {
        let (dx, dy) = (point.0 - x, point.1 - y);
        let lead = if at > 0 && dx >= 0 { " " } else { "" };
        let between = if dy < 0 { "" } else { " " };
        let _ = write!(path, "{lead}{dx}{between}{dy}");
        (x, y) = *point;
    }
}
