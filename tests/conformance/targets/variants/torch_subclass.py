"""A class of PyTorch's optimizers, written by a user: Adam with epsilon-hat."""

import torch


class MyAdam(torch.optim.Optimizer):
    """Adds eps before the correction."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self):
        """Move all parameters."""
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["t"] = 0
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                state["t"] += 1
                state["m"].lerp_(p.grad, 1 - beta1)
                state["v"].lerp_(p.grad**2, 1 - beta2)
                rate = group["lr"] * (1 - beta2 ** state["t"]) ** 0.5
                rate /= 1 - beta1 ** state["t"]
                p.sub_(rate * state["m"] / (state["v"].sqrt() + group["eps"]))
