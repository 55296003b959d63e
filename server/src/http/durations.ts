/** Upper bounds in milliseconds; the last bucket has none. */
const boundsMs = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000] as const;
const statusClasses = ["2xx", "3xx", "4xx", "5xx"] as const;

/** The request durations of one route. */
export interface RouteDurations {
  observe(status: number, milliseconds: number): void;
}

/**
 * A histogram of request durations per route and status class, cheap enough for the hot path: an observation is an index
 * and two additions in typed arrays. Rendered in the Prometheus text format.
 */
export function createDurations(): {
  readonly of: (method: string, route: string) => RouteDurations;
  readonly render: () => string;
} {
  const routes = new Map<string, Series>();
  return {
    of(method, route) {
      const labels = `method="${method}",route="${route.replace(/[\\"]/gu, "\\$&")}"`;
      const series = routes.get(labels) ?? newSeries();
      routes.set(labels, series);
      return { observe: (status, milliseconds) => observe(series, status, milliseconds) };
    },
    render() {
      const lines = [
        "# HELP countersign_http_request_duration_seconds From the request's head to the end of its answer",
        "# TYPE countersign_http_request_duration_seconds histogram",
      ];
      for (const [labels, series] of routes) lines.push(...renderSeries(labels, series));
      return `${lines.join("\n")}\n`;
    },
  };
}

interface Series {
  /** Per status class: one counter per bucket. */
  readonly counts: readonly Float64Array[];
  readonly sumsMs: Float64Array;
}

function newSeries(): Series {
  return {
    counts: statusClasses.map(() => new Float64Array(boundsMs.length + 1)),
    sumsMs: new Float64Array(statusClasses.length),
  };
}

function observe(series: Series, status: number, milliseconds: number): void {
  const statusClass = Math.min(3, Math.max(0, Math.trunc(status / 100) - 2));
  let bucket = 0;
  while (bucket < boundsMs.length && milliseconds > (boundsMs[bucket] ?? 0)) bucket += 1;
  const counts = series.counts[statusClass];
  if (counts === undefined) return;
  counts[bucket] = (counts[bucket] ?? 0) + 1;
  series.sumsMs[statusClass] = (series.sumsMs[statusClass] ?? 0) + milliseconds;
}

function renderSeries(route: string, series: Series): string[] {
  const name = "countersign_http_request_duration_seconds";
  return statusClasses.flatMap((statusClass, index) => {
    const counts = series.counts[index] ?? new Float64Array();
    const labels = `${route},status="${statusClass}"`;
    let total = 0;
    const buckets = [...counts].map((count, bucket) => {
      total += count;
      const bound = boundsMs[bucket];
      return `${name}_bucket{${labels},le="${bound === undefined ? "+Inf" : bound / 1000}"} ${total}`;
    });
    if (total === 0) return [];
    const sum = (series.sumsMs[index] ?? 0) / 1000;
    return [...buckets, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${total}`];
  });
}
