"""Microseconds a step of diffusers' schedulers beyond the network, on one CPU thread, as JSON lines."""
import json
import time

import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler

torch.set_num_threads(1)
STEPS = 50
SHAPES = [(1, 3, 32, 32), (1, 4, 64, 64), (16, 4, 64, 64)]
SCHEDULERS = {
    "DDIM": lambda: DDIMScheduler(clip_sample=False, timestep_spacing="trailing"),
    "DPM++ 2M": lambda: DPMSolverMultistepScheduler(timestep_spacing="trailing"),
}

with torch.no_grad():
    for shape in SHAPES:
        output = torch.full(shape, 0.1)
        for name, make in SCHEDULERS.items():
            scheduler = make()
            best = float("inf")
            for _ in range(15):
                scheduler.set_timesteps(STEPS)
                x = torch.full(shape, 0.5)
                start = time.perf_counter()
                for t in scheduler.timesteps:
                    x = scheduler.step(output, t, x).prev_sample
                best = min(best, time.perf_counter() - start)
            print(json.dumps({"name": name, "shape": shape, "us": best / STEPS * 1e6}), flush=True)
