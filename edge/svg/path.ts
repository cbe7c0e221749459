import type { Loop, Point } from "./contours.ts";

/** How far a simplified line may be from the traced one, in its pixels. */
const TOLERANCE = 0.7;

/** Two lines stay a corner where the cosine of the turn between them is below the one, and both are longer than the other. */
const CORNER_COSINE = 0.45;
const CORNER_LENGTH = 3.5;

/**
 * SVG path data of a closed line: simplified (Douglas and Peucker, 1973), then rounded by quadratic curves through
 * the midpoints of its sides, but for corners.
 *
 * @param loop The line.
 * @param scale Factor for all coordinates.
 * @returns Path data, or an empty string where nothing is left of the line.
 */
export function toPath(loop: Loop, scale: number): string {
  const points = simplifyLoop(loop, TOLERANCE);
  if (points.length < 3) return "";
  const number = (value: number) =>
    String(Math.round(value * scale * 100) / 100);
  const pair = ([x, y]: Point) => `${number(x)} ${number(y)}`;
  const middle = (
    [ax, ay]: Point,
    [bx, by]: Point,
  ): Point => [(ax + bx) / 2, (ay + by) / 2];
  const neighbour = (index: number) =>
    points[(index + points.length) % points.length]!;
  let path = `M${pair(middle(neighbour(-1), points[0]!))}`;
  points.forEach((point, index) => {
    const next = neighbour(index + 1);
    path += isCorner(neighbour(index - 1), point, next)
      ? `L${pair(point)}L${pair(middle(point, next))}`
      : `Q${pair(point)} ${pair(middle(point, next))}`;
  });
  return `${path}Z`;
}

function isCorner(before: Point, point: Point, next: Point): boolean {
  const [ax, ay] = [point[0] - before[0], point[1] - before[1]];
  const [bx, by] = [next[0] - point[0], next[1] - point[1]];
  const a = Math.sqrt(ax * ax + ay * ay);
  const b = Math.sqrt(bx * bx + by * by);
  return a > CORNER_LENGTH && b > CORNER_LENGTH &&
    (ax * bx + ay * by) / (a * b) < CORNER_COSINE;
}

/** Douglas and Peucker's simplification of a closed line, cut at its first point and the one farthest from it. */
function simplifyLoop(loop: Loop, tolerance: number): Point[] {
  if (loop.length < 4) return [...loop];
  const [first] = loop as [Point];
  let far = 0;
  let most = -1;
  loop.forEach(([x, y], index) => {
    const away = (x - first[0]) ** 2 + (y - first[1]) ** 2;
    if (away > most) {
      most = away;
      far = index;
    }
  });
  return [
    ...simplify(loop.slice(0, far + 1), tolerance).slice(0, -1),
    ...simplify([...loop.slice(far), first], tolerance).slice(0, -1),
  ];
}

function simplify(line: Loop, tolerance: number): Point[] {
  const [first, last] = [line[0]!, line.at(-1)!];
  let far = 0;
  let most = tolerance;
  for (let i = 1; i < line.length - 1; i++) {
    const away = distanceTo(line[i]!, first, last);
    if (away > most) {
      most = away;
      far = i;
    }
  }
  if (far === 0) return [first, last];
  return [
    ...simplify(line.slice(0, far + 1), tolerance).slice(0, -1),
    ...simplify(line.slice(far), tolerance),
  ];
}

/** Distance of a point to the line through two others. */
function distanceTo([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = Math.sqrt(dx * dx + dy * dy);
  if (length === 0) return Math.sqrt((x - ax) ** 2 + (y - ay) ** 2);
  return Math.abs(dx * (y - ay) - dy * (x - ax)) / length;
}
