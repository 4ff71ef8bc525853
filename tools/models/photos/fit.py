#!/usr/bin/env python3
"""Fits the heads of models/photos and writes image_head.onnx and text_head.onnx.

usage: fit.py DATA_NPZ OUT_FOLDER
       fit.py --check            fits drawn data whose answer is known and compares

Needs python3-numpy and python3-onnx of Debian 12. DATA_NPZ holds
  features   [n, 512]   pooled ResNet-18 features of the training pictures
  teacher    [n, 1000]  logits of an ImageNet classifier; NaN in a row that has none (drawings)
  label      [n]        index of an extra class, -1 for none
  source     [n]        number of the data set that a picture comes from
  weight     [sources]  share of each data set in a step
  class_texts   [1000, 384]   unit sentence vector of each ImageNet class: the mean over its words, "a photo of a ..." and its gloss
  extra_texts   [extra, 384]  the same for the extra classes

An image becomes the softmax of its class logits times the class texts (ConSE, Norouzi et al., arXiv:1312.5650, with a sentence encoder);
a text its sentence vector, centred and projected alike. Logits of the 1,000 classes come from ridge regression of the teacher's on the
features, those of the extra classes from logistic regression beside them.
"""
import pathlib
import sys

import numpy as np

DIMENSION = 256       # of the space
WHITENING = 0.15      # power of the eigenvalues that the projection divides by: 0 leaves them, 0.5 whitens
RIDGE = 100.0
TEMPERATURE = 0.8     # the softmax is that of the logits times this
EXTRA_BIAS = -2.0     # extra classes were fitted on few sources, so they are made shyer
STEPS, BATCH, RATE, DECAY, NOISE = 500, 512, 3e-3, 1e-3, 0.15


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit_projection(texts):
    """The centre of the class texts, and the directions in which they differ most, the weaker ones a little enlarged."""
    centre = texts.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((texts - centre).T))
    values, vectors = values[::-1][:DIMENSION], vectors[:, ::-1][:, :DIMENSION]
    return centre, vectors * np.power(values + 1e-5, -WHITENING)


def fit_ridge(inputs, targets):
    inputs = inputs.astype(np.float64)
    return np.linalg.solve(inputs.T @ inputs + RIDGE * np.eye(inputs.shape[1]), inputs.T @ targets)


def fit_extra(inputs, base, teacher, label, probability, count, random):
    """Weights of the extra classes by logistic regression (Adam); the logits of the others stay as they are."""
    weights, bias = np.zeros((inputs.shape[1], count)), np.full(count, -2.0)
    moments = [np.zeros_like(weights), np.zeros_like(weights), np.zeros_like(bias), np.zeros_like(bias)]
    for step in range(STEPS):
        chosen = random.choice(len(inputs), BATCH, p=probability)
        x = inputs[chosen] + NOISE * random.standard_normal((BATCH, inputs.shape[1]))
        share = softmax(np.concatenate([base[chosen], x @ weights + bias], axis=1))
        goal = np.zeros_like(share)
        labelled = label[chosen] >= 0
        known = teacher[chosen].sum(axis=1) > 0
        goal[:, :base.shape[1]] = teacher[chosen] * np.where(labelled, 0.15, 1.0)[:, None]
        rows = np.flatnonzero(labelled)
        goal[rows, base.shape[1] + label[chosen][rows]] = np.where(known[rows], 0.85, 1.0)
        error = (share * goal.sum(axis=1, keepdims=True) - goal)[:, base.shape[1]:] / BATCH
        gradients = [x.T @ error + 0.2 * DECAY / np.sqrt(count) * weights, error.sum(axis=0)]
        rate = RATE * (1 - step / STEPS) + 1e-5
        for i, (value, gradient) in enumerate(zip((weights, bias), gradients)):
            first, second = moments[2 * i], moments[2 * i + 1]
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient ** 2 - second)
            value -= rate * (first / (1 - 0.9 ** (step + 1))) / (np.sqrt(second / (1 - 0.999 ** (step + 1))) + 1e-8)
    return weights, bias


def fit(data, seed=0):
    random = np.random.default_rng(seed)
    features, taught = data["features"].astype(np.float64), ~np.isnan(data["teacher"]).any(axis=1)
    mean, deviation = features[taught].mean(axis=0), features[taught].std(axis=0) + 1e-3
    inputs = (features - mean) / deviation
    logits = data["teacher"][taught].astype(np.float64)
    logits -= logits.mean(axis=1, keepdims=True)
    offset = logits.mean(axis=0)
    weights = fit_ridge(inputs[taught], logits - offset)
    teacher = np.zeros((len(features), logits.shape[1]))
    teacher[taught] = softmax(logits)
    probability = data["weight"][data["source"]].astype(np.float64)
    extra, bias = fit_extra(
        inputs, inputs @ weights + offset, teacher, data["label"], probability / probability.sum(), len(data["extra_texts"]), random)
    centre, projection = fit_projection(data["class_texts"].astype(np.float64))
    texts = np.concatenate([data["class_texts"], data["extra_texts"]])
    return {
        "mean": mean, "deviation": deviation, "weights": np.concatenate([weights, extra], axis=1),
        "bias": np.concatenate([offset, bias + EXTRA_BIAS]), "texts": unit((texts - centre) @ projection),
        "centre": centre, "projection": projection,
    }


def embed_images(heads, features):
    logits = (features - heads["mean"]) / heads["deviation"] @ heads["weights"] + heads["bias"]
    return unit(softmax(logits * TEMPERATURE) @ heads["texts"])


def write(heads, folder):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    def constants(**values):
        return [numpy_helper.from_array(np.ascontiguousarray(value, dtype=np.float32), name) for name, value in values.items()]

    def unit_nodes(name, output):
        return [helper.make_node("ReduceL2", [name], ["length"], axes=[1], keepdims=1),
                helper.make_node("Max", ["length", "eps"], ["divisor"]), helper.make_node("Div", [name, "divisor"], [output])]

    def save(file, nodes, inputs, outputs, initializers):
        describe = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width]) for name, width in side] for side in (inputs, outputs)]
        graph = helper.make_graph(nodes, file, *describe, initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="photos")
        model.ir_version = 7
        onnx.checker.check_model(model)
        onnx.save(model, str(folder / file))

    node, classes = helper.make_node, heads["weights"].shape[1]
    save("image_head.onnx",
         [node("Sub", ["features", "mu"], ["c"]), node("Div", ["c", "sd"], ["z"]), node("Gemm", ["z", "W", "b"], ["logits"]),
          node("Mul", ["logits", "beta"], ["lb"]), node("Softmax", ["lb"], ["tag_probs"], axis=1),
          node("MatMul", ["tag_probs", "CC"], ["v"]), *unit_nodes("v", "image_embeds")],
         [("features", 512)], [("image_embeds", DIMENSION), ("tag_probs", classes)],
         constants(mu=heads["mean"], sd=heads["deviation"], W=heads["weights"], b=heads["bias"], beta=[TEMPERATURE], CC=heads["texts"],
                   eps=[1e-12]))
    save("text_head.onnx", [node("Sub", ["sentence", "mt"], ["c"]), node("MatMul", ["c", "PJ"], ["p"]), *unit_nodes("p", "text_embeds")],
         [("sentence", 384)], [("text_embeds", DIMENSION)], constants(mt=heads["centre"], PJ=heads["projection"], eps=[1e-12]))


def check():
    """Pictures whose features say their class: each must lie nearest to its own class text."""
    random = np.random.default_rng(1)
    directions, kinds = random.standard_normal((1020, 512)), np.repeat(np.arange(1020), 6)
    features = directions[kinds] + 0.3 * random.standard_normal((len(kinds), 512))
    teacher = np.where(kinds[:, None] < 1000, 12.0 * (kinds[:, None] == np.arange(1000)), np.nan)
    texts = unit(random.standard_normal((1020, 384)))
    data = {
        "features": features, "teacher": teacher, "label": np.where(kinds >= 1000, kinds - 1000, -1), "source": (kinds >= 1000).astype(int),
        "weight": np.array([1.0, 10.0]), "class_texts": texts[:1000], "extra_texts": texts[1000:],
    }
    heads = fit(data)
    nearest = (embed_images(heads, features) @ heads["texts"].T).argmax(axis=1)
    for name, part in (("taught", kinds < 1000), ("extra", kinds >= 1000)):
        print(f"{name}: {np.mean(nearest[part] == kinds[part]):.3f} of {part.sum()} nearest to their own class")
    return 0 if np.mean(nearest == kinds) > 0.9 else 1


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    data, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    write(fit(dict(np.load(data))), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
