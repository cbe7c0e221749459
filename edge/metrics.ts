/** Values of a metric's labels. */
export type Labels = Readonly<Record<string, string>>;

/** Upper ends of the classes of durations, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface Family {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** By sample name with labels. */
  readonly samples: Map<string, number>;
}

/** Numbers of a running server in Prometheus's text format, version 0.0.4. */
export class Metrics {
  readonly #families = new Map<string, Family>();
  readonly #gauges = new Map<string, () => number>();

  /** Adds to a counter. */
  count(name: string, help: string, labels: Labels = {}, by = 1): void {
    add(this.#family(name, "counter", help).samples, name, labels, by);
  }

  /** Files a duration. */
  observe(
    name: string,
    help: string,
    labels: Labels,
    seconds: number,
  ): void {
    const { samples } = this.#family(name, "histogram", help);
    for (const end of BUCKETS) {
      const within = seconds <= end ? 1 : 0;
      add(samples, `${name}_bucket`, { ...labels, le: String(end) }, within);
    }
    add(samples, `${name}_bucket`, { ...labels, le: "+Inf" }, 1);
    add(samples, `${name}_sum`, labels, seconds);
    add(samples, `${name}_count`, labels, 1);
  }

  /** Registers a value that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    this.#family(name, "gauge", help);
    this.#gauges.set(name, read);
  }

  /** The text that `/metrics` answers with. */
  toText(): string {
    for (const [name, read] of this.#gauges) {
      this.#families.get(name)!.samples.set(name, read());
    }
    return [...this.#families].map(([name, { type, help, samples }]) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...[...samples].map(([sample, value]) => `${sample} ${value}`),
        "",
      ].join("\n")
    ).join("");
  }

  #family(name: string, type: Family["type"], help: string): Family {
    let family = this.#families.get(name);
    if (family === undefined) {
      this.#families.set(name, family = { type, help, samples: new Map() });
    }
    return family;
  }
}

function add(
  samples: Map<string, number>,
  name: string,
  labels: Labels,
  by: number,
): void {
  const pairs = Object.entries(labels).map(([key, value]) =>
    `${key}="${value.replaceAll(/["\\\n]/g, "_")}"`
  );
  const sample = pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
  samples.set(sample, (samples.get(sample) ?? 0) + by);
}
