"""A server of the same kind in Python: diffusers' loop on PyTorch, FastAPI, Pillow.

Draws with the network of models/NAME/model.onnx, whose graph is run by PyTorch operator by operator.
`python draw_server.py MODEL THREADS PORT` serves. `python draw_server.py MODEL THREADS check STEPS` compares the network with
onnxruntime's, reads noise and two rows of conditions as float32, and writes the difference and RGBA in one line of JSON.
"""
import io
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from diffusers import EDMEulerScheduler
from onnx import numpy_helper
from PIL import Image
from torch.nn import functional as F

folder, threads, mode = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
torch.set_num_threads(threads)
config = json.loads((folder / "config.json").read_text())
process, sampling, condition = config["process"], config["sampling"], config["condition"]


def space_to_depth(x, blocksize):
    """As ONNX has it: the place within a block counts more than the channel."""
    n, c, h, w = x.shape
    x = x.reshape(n, c, h // blocksize, blocksize, w // blocksize, blocksize)
    return x.permute(0, 3, 5, 1, 2, 4).reshape(n, -1, h // blocksize, w // blocksize)


def depth_to_space(x, blocksize):
    n, c, h, w = x.shape
    x = x.reshape(n, blocksize, blocksize, c // blocksize**2, h, w)
    return x.permute(0, 3, 4, 1, 5, 2).reshape(n, -1, h * blocksize, w * blocksize)


OPERATORS = {
    "MatMul": lambda a, x, w: x @ w,
    "Cos": lambda a, x: x.cos(),
    "Sin": lambda a, x: x.sin(),
    "Concat": lambda a, *xs: torch.cat(xs, a["axis"]),
    "Gemm": lambda a, x, w, b=None: F.linear(x, w.T, b),
    "Add": lambda a, x, y: x + y,
    "Mul": lambda a, x, y: x * y,
    "Relu": lambda a, x: F.relu(x),
    "Conv": lambda a, x, w, b=None: F.conv2d(x, w, b, padding=a["pads"][0]),
    "Split": lambda a, x: x.chunk(a["num_outputs"], a["axis"]),
    "Reshape": lambda a, x, shape: x.reshape([x.shape[0], *shape.tolist()[1:]]),
    "SpaceToDepth": lambda a, x: space_to_depth(x, a["blocksize"]),
    "DepthToSpace": lambda a, x: depth_to_space(x, a["blocksize"]),
    "Identity": lambda a, x: x,
}


class Network(torch.nn.Module):
    """The network of an ONNX file. Weights are cast to float32 once; what depends on weights alone is computed once."""

    def __init__(self, path):
        super().__init__()
        graph = onnx.load(path).graph
        self.weights = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
        self.steps = []
        for node in graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == "Cast":
                self.weights[node.output[0]] = self.weights[node.input[0]].float()
            else:
                self.steps.append((OPERATORS[node.op_type], attributes, list(node.input), list(node.output)))

    def forward(self, x, level, rows):
        values = {**self.weights, "x": x, "level": level, "condition": rows}
        for operator, attributes, inputs, outputs in self.steps:
            result = operator(attributes, *[values[name] for name in inputs])
            values.update(zip(outputs, result if isinstance(result, tuple) else (result,)))
        return result


network = Network(folder / "model.onnx").eval()
shape = (1, config["image"]["channels"], config["image"]["height"], config["image"]["width"])


def value_at(table, steps):
    """Linear in 1/steps between the entries of a table."""
    return float(np.interp(-1 / steps, [-1 / n for n, _ in table], [value for _, value in table]))


def rho(steps):
    """The exponent of the grid; diffusers divides by it, so that an endless one is a large one."""
    power = value_at(sampling["sigmaPowerBySteps"] or [[1, 1 / 7]], steps)
    return 1 / (power or 1e-6)


def rows_of(subject):
    """Conditions of a subject in any style, and of nothing: weights of rows, the last of each section for none given."""
    none = [condition[name]["offset"] + len(condition[name]["values"]) for name in ("style", "group", "subgroup", "word")]
    group, subgroup, *words = subject
    rows = torch.zeros(2, condition["size"])
    rows[0, [none[0], group, subgroup]] = 1
    rows[0, words] = len(words) ** -0.5
    rows[1, none] = 1
    return rows


@torch.inference_mode()
def draw(noise, rows, steps, guidance):
    """DDIM is Euler's method on the noise level; for EDM's process diffusers calls it EDMEulerScheduler."""
    scheduler = EDMEulerScheduler(
        sigma_min=value_at(sampling["sigmaMinBySteps"], steps),
        sigma_max=process["sigmaMax"],
        sigma_data=process["sigmaData"],
        rho=rho(steps),
    )
    scheduler.set_timesteps(steps)
    x = noise * float(scheduler.sigmas[0])
    for t, sigma in zip(scheduler.timesteps, scheduler.sigmas):
        scaled = scheduler.scale_model_input(x, t)
        # with and without the condition in one batch, as diffusers' pipelines do
        told = t.reshape(1, 1).expand(2, 1)
        with_it, without = network(scaled.expand(2, -1, -1, -1), told, rows).chunk(2)
        answer = without + guidance * (with_it - without)
        clean = scheduler.precondition_outputs(x, answer, sigma).clamp(-1, 1)
        x = scheduler.step(clean, t, x, pred_original_sample=clean).prev_sample
    return x[0]


def picture(planes):
    """Premultiplied planes to straight RGBA, opaque and blank within a little."""
    values = (planes.permute(1, 2, 0).numpy() + 1) / 2
    snap = sampling["alphaSnap"]
    alpha = values[..., 3:].clip(0, 1)
    alpha = np.where(alpha < snap, 0, np.where(alpha > 1 - snap, 1, alpha))
    colour = np.divide(values[..., :3], alpha, out=np.zeros_like(values[..., :3]), where=alpha > 0)
    return (np.concatenate([colour, alpha], -1).clip(0, 1) * 255 + 0.5).astype(np.uint8)


def check(steps):
    """Compares the network with onnxruntime's, then draws what it is given."""
    import onnxruntime

    given = torch.from_numpy(np.frombuffer(sys.stdin.buffer.read(), "<f4").copy())
    noise, rows = given[: np.prod(shape)].reshape(shape), given[np.prod(shape) :].reshape(2, -1)
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    difference = 0.0
    for level in (-1.0, 0.0, 1.0):
        x, told = noise.expand(2, -1, -1, -1).contiguous(), torch.full((2, 1), level)
        with torch.inference_mode():
            ours = network(x, told, rows).numpy()
        theirs = session.run(None, {"x": x.numpy(), "level": told.numpy(), "condition": rows.numpy()})[0]
        difference = max(difference, float(np.abs(ours - theirs).max()))
    rgba = picture(draw(noise, rows, steps, sampling["guidance"]))
    print(json.dumps({"difference": difference, "rgba": rgba.flatten().tolist()}))


def serve(port):
    """GET /emoji?seed=N&steps=N as PNG."""
    import uvicorn
    from fastapi import FastAPI, Response

    app = FastAPI()

    @app.get("/emoji")
    def emoji(seed: int, steps: int = 10):
        noise = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
        subject = config["subjects"][seed % len(config["subjects"])]
        planes = draw(noise, rows_of(subject), steps, sampling["guidance"])
        file = io.BytesIO()
        Image.fromarray(picture(planes), "RGBA").save(file, "PNG")
        return Response(file.getvalue(), media_type="image/png", headers={"X-Seed": str(seed)})

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


check(int(sys.argv[4])) if mode == "check" else serve(int(mode))
