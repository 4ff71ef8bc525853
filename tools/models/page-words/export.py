#!/usr/bin/python3
"""Writes the two networks of a checkpoint as onnx/vision_model.onnx and onnx/text_model.onnx of a model folder."""

import argparse
import os

import torch

import model


def write(checkpoint, folder):
    """Exports for any batch size and any page size that is a multiple of 16 pixels; opset 13, standard operators only."""
    page, word, steps = model.load(checkpoint)
    os.makedirs(os.path.join(folder, "onnx"), exist_ok=True)
    vision, text = os.path.join(folder, "onnx", "vision_model.onnx"), os.path.join(folder, "onnx", "text_model.onnx")
    grid = {0: "b", 1: "r", 2: "c"}
    torch.onnx.export(page, torch.rand(1, 1, 160, 192), vision, opset_version=13, input_names=["ink"], output_names=["patches", "saliency"],
                      dynamic_axes={"ink": {0: "b", 2: "h", 3: "w"}, "patches": grid, "saliency": grid})
    torch.onnx.export(word, model.spell(["hello", "world"]), text, opset_version=13, input_names=["ids"], output_names=["vec"],
                      dynamic_axes={"ids": {0: "b"}, "vec": {0: "b"}})
    print(f"{steps} steps: {vision} ({os.path.getsize(vision):,} bytes), {text} ({os.path.getsize(text):,} bytes)")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True, help="model folder")
    options = parser.parse_args()
    write(options.checkpoint, options.out)


if __name__ == "__main__":
    main()
