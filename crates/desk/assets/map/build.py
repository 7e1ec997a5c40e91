#!/usr/bin/env python3
"""Coarsens the county map of us-atlas for the desk's pages.

    python3 build.py counties-albers-10m.json > counties.json

The points are moved to a grid of half a pixel, and points that then lie on a straight line or on each other are dropped. What an arc
borders on does not change, so neighbors still meet. The file stays TopoJSON.
"""
import json, sys

GRID = 0.5

def main():
    source = json.load(open(sys.argv[1]))
    (sx, sy), (tx, ty) = source["transform"]["scale"], source["transform"]["translate"]
    arcs = []
    for arc in source["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x += dx
            y += dy
            point = (round((x * sx + tx) / GRID), round((y * sy + ty) / GRID))
            if points and points[-1] == point:
                continue
            if len(points) >= 2:
                (ax, ay), (bx, by) = points[-2], points[-1]
                if (bx - ax) * (point[1] - by) == (by - ay) * (point[0] - bx) and (bx - ax) * (point[0] - bx) + (by - ay) * (point[1] - by) > 0:
                    points[-1] = point
                    continue
            points.append(point)
        deltas, last = [], (0, 0)
        for point in points:
            deltas.append([point[0] - last[0], point[1] - last[1]])
            last = point
        arcs.append(deltas)
    out = []
    for g in source["objects"]["counties"]["geometries"]:
        if g.get("type") is None:
            continue
        out.append({"type": g["type"], "arcs": g["arcs"], "id": g["id"]})
    out.sort(key=lambda g: g["id"])
    json.dump({"type": "Topology", "transform": {"scale": [GRID, GRID], "translate": [0, 0]},
               "objects": {"counties": {"type": "GeometryCollection", "geometries": out}}, "arcs": arcs}, sys.stdout, separators=(",", ":"))

main()
