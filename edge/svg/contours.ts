/** A point in the plane. */
export type Point = readonly [x: number, y: number];

/** A closed line; its last point is joined to its first. */
export type Loop = readonly Point[];

/** Right, down, left, up. */
const DIRECTIONS = [[1, 0], [0, 1], [-1, 0], [0, -1]] as const;

/**
 * The edges of all areas of one label: loops of the midpoints of the pixel edges between it and others, outer ones
 * clockwise, holes against the clock. Areas that touch at a corner only are separate.
 *
 * @param indices Labels row by row.
 * @param width Columns.
 * @param height Rows.
 * @param label The label.
 */
export function traceContours(
  indices: Uint8Array,
  width: number,
  height: number,
  label: number,
): Loop[] {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height &&
    indices[y * width + x] === label;
  // An edge is the corner it starts from and its direction; the area lies on its right.
  const edges = new Uint8Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      if (!inside(x, y - 1)) edges[corner(x, y)]! |= 1;
      if (!inside(x + 1, y)) edges[corner(x + 1, y)]! |= 2;
      if (!inside(x, y + 1)) edges[corner(x + 1, y + 1)]! |= 4;
      if (!inside(x - 1, y)) edges[corner(x, y + 1)]! |= 8;
    }
  }
  const loops: Loop[] = [];
  for (let start = 0; start < edges.length; start++) {
    while (edges[start]! !== 0) loops.push(follow(start));
  }
  return loops;

  function corner(x: number, y: number): number {
    return y * (width + 1) + x;
  }

  /** Walks along edges, taking each away, until it is back. */
  function follow(start: number): Loop {
    const points: Point[] = [];
    let at = start;
    let direction = Math.clz32(1) - Math.clz32(edges[start]! & -edges[start]!);
    do {
      // Where two areas touch, turn towards our own: right first.
      const turns = [direction + 1, direction, direction + 3].map((turn) =>
        turn & 3
      );
      direction = turns.find((turn) => edges[at]! & 1 << turn) ?? direction;
      edges[at]! &= ~(1 << direction);
      const [dx, dy] = DIRECTIONS[direction]!;
      const x = at % (width + 1);
      const y = Math.floor(at / (width + 1));
      points.push([x + dx / 2, y + dy / 2]);
      at = corner(x + dx, y + dy);
    } while (at !== start);
    return points;
  }
}
