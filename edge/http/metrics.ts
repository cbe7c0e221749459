/** Values of a metric's labels. */
export type Labels = Readonly<Record<string, string>>;

/** Upper ends of the classes of durations, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A sum, or a histogram, of one combination of labels. */
interface Series {
  readonly labels: Labels;
  sum: number;
  count: number;
  /** How many were in each class, and beyond all. */
  readonly classes: Float64Array;
}

interface Family {
  readonly type: "counter" | "histogram";
  readonly help: string;
  readonly series: Map<string, Series>;
}

interface Gauge {
  readonly help: string;
  readonly series: { readonly labels: Labels; readonly read: () => number }[];
}

/** Numbers of a running server in Prometheus's text format, version 0.0.4. */
export class Metrics {
  readonly #families = new Map<string, Family>();
  readonly #gauges = new Map<string, Gauge>();

  /** Adds to a counter. */
  count(name: string, help: string, labels: Labels = {}, by = 1): void {
    this.#series(name, "counter", help, labels).sum += by;
  }

  /** Files a duration. */
  observe(name: string, help: string, labels: Labels, seconds: number): void {
    const series = this.#series(name, "histogram", help, labels);
    let place = 0;
    while (place < BUCKETS.length && seconds > BUCKETS[place]!) place++;
    series.classes[place]!++;
    series.sum += seconds;
    series.count++;
  }

  /** Registers a value that is read when somebody asks. */
  gauge(
    name: string,
    help: string,
    read: () => number,
    labels: Labels = {},
  ): void {
    const gauge = this.#gauges.get(name) ?? { help, series: [] };
    gauge.series.push({ labels, read });
    this.#gauges.set(name, gauge);
  }

  /** The text that `/metrics` answers with. */
  toText(): string {
    const lines: string[] = [];
    const begin = (name: string, type: string, help: string) =>
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [name, { type, help, series }] of this.#families) {
      begin(name, type, help);
      for (const { labels, sum, count, classes } of series.values()) {
        if (type === "counter") {
          lines.push(sample(name, labels, sum));
          continue;
        }
        let below = 0;
        [...BUCKETS, "+Inf"].forEach((end, place) => {
          below += classes[place]!;
          const le = { ...labels, le: String(end) };
          lines.push(sample(`${name}_bucket`, le, below));
        });
        lines.push(sample(`${name}_sum`, labels, sum));
        lines.push(sample(`${name}_count`, labels, count));
      }
    }
    for (const [name, { help, series }] of this.#gauges) {
      begin(name, "gauge", help);
      for (const { labels, read } of series) {
        lines.push(sample(name, labels, read()));
      }
    }
    return `${lines.join("\n")}\n`;
  }

  #series(
    name: string,
    type: Family["type"],
    help: string,
    labels: Labels,
  ): Series {
    let family = this.#families.get(name);
    if (family === undefined) {
      this.#families.set(name, family = { type, help, series: new Map() });
    }
    let key = "";
    for (const label in labels) key += `${labels[label]}\n`;
    let series = family.series.get(key);
    if (series === undefined) {
      const classes = new Float64Array(BUCKETS.length + 1);
      series = { labels, sum: 0, count: 0, classes };
      family.series.set(key, series);
    }
    return series;
  }
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) =>
    `${label}="${text.replaceAll(/["\\\n]/g, "_")}"`
  );
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}
