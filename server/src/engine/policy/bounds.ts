/** A whole number from `least` to `most`, both included. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export function isWhole(value: unknown, bounds: Bounds): value is number {
  return Number.isInteger(value) && Number(value) >= bounds.least && Number(value) <= bounds.most;
}
