/** Amounts per slot of time, oldest first; `first` is the number of the first slot since the epoch. */
export interface Series {
  readonly first: number;
  readonly values: readonly number[];
}

/** How long a slot is and how many are looked back on. One slot more than the window: it never forgets too early. */
export interface Slots {
  readonly seconds: number;
  readonly count: number;
}

export const hourSlots: Slots = { seconds: 300, count: 13 };
export const daySlots: Slots = { seconds: 3600, count: 25 };

/** The series with `amount` more in the slot of `now` (milliseconds); slots out of the window are forgotten. */
export function addTo(series: Series | undefined, amount: number, slots: Slots, now: number): Series {
  const slot = slotOf(slots, now);
  const oldest = slot - slots.count + 1;
  if (series === undefined || series.first + series.values.length <= oldest) {
    return { first: slot, values: [Math.max(0, amount)] };
  }
  const first = Math.max(series.first, oldest);
  const values = series.values.slice(first - series.first);
  // A clock that stands behind the last slot counts into that slot: what was counted must not leave the window earlier.
  const last = Math.max(slot, first + values.length - 1);
  while (values.length <= last - first) values.push(0);
  const index = values.length - 1;
  // A correction downwards (a price that came later) never makes more room than there was.
  values[index] = Math.max(0, (values[index] ?? 0) + amount);
  return { first, values };
}

/** The sum over the window that ends `now`; at least what was added in it, at most one slot more. */
export function sumOf(series: Series | undefined, slots: Slots, now: number): number {
  if (series === undefined) return 0;
  const oldest = slotOf(slots, now) - slots.count + 1;
  let sum = 0;
  for (let index = Math.max(0, oldest - series.first); index < series.values.length; index += 1) {
    sum += series.values[index] ?? 0;
  }
  return sum;
}

/** Whole seconds until `amount` more fits under `limit` if nothing else is added; 0: now. */
export function waitFor(
  series: Series | undefined,
  amount: number,
  limit: number,
  slots: Slots,
  now: number,
): number {
  let over = sumOf(series, slots, now) + amount - limit;
  if (over <= 0 || series === undefined) return over <= 0 ? 0 : slots.seconds * slots.count;
  const oldest = slotOf(slots, now) - slots.count + 1;
  for (let index = Math.max(0, oldest - series.first); index < series.values.length; index += 1) {
    over -= series.values[index] ?? 0;
    if (over > 0) continue;
    const leavesAt = (series.first + index + slots.count) * slots.seconds * 1000;
    return Math.max(1, Math.ceil((leavesAt - now) / 1000));
  }
  return slots.seconds * slots.count;
}

function slotOf({ seconds }: Slots, now: number): number {
  return Math.floor(now / 1000 / seconds);
}
