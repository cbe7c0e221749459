import type { ImageShape } from "../image.ts";
import type { BySteps } from "./by_steps.ts";
import type { ConditionLayout, ConditionSection } from "./condition.ts";
import type {
  ModelConfig,
  ModelFile,
  SamplingDefaults,
  Upsampler,
} from "./config.ts";
import { JsonReader } from "./json_reader.ts";
import { readProcess } from "./process.ts";
import type { Concepts } from "./seed_subject.ts";

/**
 * Reads a model's `config.json`.
 *
 * @param json What `JSON.parse` gave, or the text itself.
 * @returns The config; members that this version does not know are dropped.
 * @throws {TypeError} If a value is missing or out of range; the message names its JSON path.
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const root = new JsonReader(
    typeof json === "string" ? JSON.parse(json) : json,
  );
  root.get("version").oneOf(1);
  const condition = root.get("condition");
  return {
    version: 1,
    name: root.get("name").string(/^[a-z0-9][a-z0-9._-]{0,63}$/),
    image: readImage(root.get("image")),
    process: readProcess(root.get("process")),
    ...(condition.exists && { condition: readCondition(condition) }),
    ...(root.get("subjects").exists && {
      subjects: root.get("subjects").array().map((rows) =>
        readRows(rows, condition)
      ),
    }),
    ...(root.get("concepts").exists && {
      concepts: root.get("concepts").array().map((concept) =>
        readConcept(concept, condition)
      ),
    }),
    sampling: readSampling(root.get("sampling")),
    ...(root.get("upsampler").exists && {
      upsampler: readUpsampler(root.get("upsampler")),
    }),
    training: root.get("training").object(),
    license: root.get("license").string(),
    attribution: root.get("attribution").strings(),
    model: readFile(root.get("model")),
  };
}

function readFile(model: JsonReader): ModelFile {
  return {
    file: model.get("file").string(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
    sha256: model.get("sha256").string(/^[0-9a-f]{64}$/),
    bytes: model.get("bytes").integer(1),
  };
}

function readUpsampler(upsampler: JsonReader): Upsampler {
  return {
    scale: upsampler.get("scale").integer(2, 16),
    process: readProcess(upsampler.get("process")),
    level: upsampler.get("level").number(0),
    model: readFile(upsampler.get("model")),
  };
}

function readImage(image: JsonReader): ImageShape {
  const encoding = image.get("encoding").oneOf("premultiplied-rgba", "rgb");
  return {
    width: image.get("width").integer(1, 4096),
    height: image.get("height").integer(1, 4096),
    channels: image.get("channels").oneOf(encoding === "rgb" ? 3 : 4),
    encoding,
  };
}

function readConcept(
  concept: JsonReader,
  condition: JsonReader,
): Concepts[number] {
  const [name, others, ...more] = concept.array();
  if (!name || !others || more.length > 0) {
    throw concept.error("be two lists of rows");
  }
  return [readRows(name, condition), readRows(others, condition)];
}

function readRows(rows: JsonReader, condition: JsonReader): number[] {
  const size = condition.get("size").integer(1);
  return rows.array().map((row) => row.integer(0, size - 1));
}

/** Sections must lie in the table one after the other without overlap. */
function readCondition(condition: JsonReader): ConditionLayout {
  const size = condition.get("size").integer(1);
  const taken = new Uint8Array(size);
  function take(section: JsonReader, rows: number): number {
    const offset = section.get("offset").integer(0, size);
    if (offset + rows > size) {
      throw section.error(
        `end within the table's ${size} rows, not at ${offset + rows}`,
      );
    }
    if (taken.subarray(offset, offset + rows).some((used) => used)) {
      throw section.error("not overlap another section");
    }
    taken.fill(1, offset, offset + rows);
    return offset;
  }
  const sections: Record<string, ConditionSection> = {};
  for (const name of ["style", "group", "subgroup", "word", "augment"]) {
    const section = condition.get(name);
    if (!section.exists) continue;
    const values = section.get("values").strings();
    const rows = values.length + (name === "augment" ? 0 : 1);
    sections[name] = { offset: take(section, rows), values };
  }
  const step = condition.get("step");
  if (!step.exists) return { size, ...sections };
  const count = step.get("count").integer(1);
  return { size, ...sections, step: { offset: take(step, count), count } };
}

function readSampling(sampling: JsonReader): SamplingDefaults {
  const samplers = sampling.get("samplers").strings();
  const minSteps = sampling.get("minSteps").integer(1);
  const maxSteps = sampling.get("maxSteps").integer(minSteps);
  const guidanceFolded = sampling.get("guidanceFolded").boolean();
  return {
    sampler: sampling.get("sampler").oneOf(...samplers),
    samplers,
    steps: sampling.get("steps").integer(minSteps, maxSteps),
    minSteps,
    maxSteps,
    guidance: sampling.get("guidance").number(guidanceFolded ? 1e-3 : 0, 100),
    guidanceFolded,
    sigmaMinBySteps: readBySteps(sampling.get("sigmaMinBySteps"), 1e-6),
    sigmaPowerBySteps: optionally(sampling.get("sigmaPowerBySteps"), 1, -1),
    etaBySteps: optionally(sampling.get("etaBySteps"), 1),
    clip: sampling.get("clip").boolean(),
    alphaSnapBySteps: optionally(sampling.get("alphaSnapBySteps"), 0.5),
  };
}

function optionally(pairs: JsonReader, most: number, least = 0): BySteps {
  return pairs.exists ? readBySteps(pairs, least, most) : [];
}

function readBySteps(
  pairs: JsonReader,
  least: number,
  most?: number,
): BySteps {
  let before = 0;
  return pairs.array().map((pair) => {
    const [steps, value, more] = pair.array();
    if (steps === undefined || value === undefined || more !== undefined) {
      throw pair.error("be [steps, value]");
    }
    before = steps.integer(before + 1);
    return [before, value.number(least, most)];
  });
}
