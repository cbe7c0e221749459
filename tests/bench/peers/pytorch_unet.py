"""Images a second of a training step of the emoji notebook's U-Net in PyTorch.

For each line on standard input, a number of seconds, trains for as long and answers
with a line of JSON. Batch 64, 32x32x3, forward, backward, Adam, float32.
"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, SIZE, CHANNELS = 64, 32, (64, 128, 256)


class Block(nn.Sequential):
    def __init__(self, inputs, outputs):
        super().__init__(nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU())


class UNet(nn.Module):
    """0.94 M parameters; the same layers as train/network/plain_unet.ts."""

    def __init__(self):
        super().__init__()
        fine, middle, coarse = CHANNELS
        self.embed = nn.Sequential(nn.Linear(1, 128), nn.GELU(), nn.Linear(128, coarse), nn.GELU())
        self.down0 = Block(3, fine)
        self.down1 = Block(fine, middle)
        self.middle = Block(middle, coarse)
        self.grow1 = nn.ConvTranspose2d(coarse, middle, 2, 2)
        self.up1 = Block(2 * middle, middle)
        self.grow0 = nn.ConvTranspose2d(middle, fine, 2, 2)
        self.up0 = Block(2 * fine, fine)
        self.out = nn.Conv2d(fine + 3, 3, 1)

    def forward(self, x, t):
        a = self.down0(x)
        b = self.down1(F.max_pool2d(a, 2))
        h = self.middle(F.max_pool2d(b, 2))
        h = h + self.embed(t / 500)[:, :, None, None]
        h = self.up1(torch.cat([self.grow1(h), b], 1))
        h = self.up0(torch.cat([self.grow0(h), a], 1))
        return self.out(torch.cat([h, x], 1))


def trainer(layout):
    torch.manual_seed(1)
    model = UNet().to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    pictures = (torch.rand(256, 3, SIZE, SIZE) * 2 - 1).to(memory_format=layout)

    def step():
        x0 = pictures[torch.randint(256, (BATCH,))]
        t = torch.randint(1, 501, (BATCH, 1)).float()
        noise = torch.randn_like(x0)
        alpha = torch.exp(-t / 125)[:, :, None, None]
        x = alpha.sqrt() * x0 + (1 - alpha).sqrt() * noise
        loss = F.mse_loss(model(x, t), noise)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, sum(p.numel() for p in model.parameters())


def main():
    torch.set_num_threads(int(sys.argv[1]))
    layouts = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
    trainers = {name: trainer(layout) for name, layout in layouts.items()}
    for line in sys.stdin:
        name, seconds = line.split()
        step, parameters = trainers[name]
        step()
        steps, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < float(seconds):
            step()
            steps += 1
        speed = steps * BATCH / (time.perf_counter() - begun)
        answer = {"version": torch.__version__, "parameters": parameters, "imagesPerSecond": speed}
        print(json.dumps(answer), flush=True)


main()
