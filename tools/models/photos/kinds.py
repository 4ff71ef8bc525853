#!/usr/bin/env python3
"""Adds to each class of tags.json the kinds that it belongs to, by WordNet: "granny smith" is a fruit and food.

usage: kinds.py WORDNET TAGS_JSON

WORDNET is the folder of data.noun and index.noun (Debian: wordnet-base, usr/share/wordnet). A kind gets the sum of the
probabilities of its classes, so it is given where no single class is sure. Classes that are never given (drawn signs, brands) get none.
"""
import json
import pathlib
import sys

# Kinds that people ask for, as words of their WordNet synset; where the first word is ambiguous, another one of the synset.
KINDS = {
    "animate being": "animal", "domestic dog": "dog", "domestic cat": "cat", "big cat": "big cat", "bird": "bird", "fish": "fish", "insect": "insect",
    "spider": "spider", "snake": "snake", "lizard": "lizard", "turtle": "turtle", "frog": "frog", "monkey": "monkey", "ape": "ape", "bear": "bear",
    "wolf": "wolf", "fox": "fox", "rodent": "rodent", "butterfly": "butterfly", "beetle": "beetle", "crustacean": "crustacean", "shark": "shark",
    "parrot": "parrot", "whale": "whale", "hoofed mammal": "hoofed animal", "edible fruit": "fruit", "vegetable": "vegetable", "blossom": "flower",
    "fungus": "mushroom", "foodstuff": "food", "nutrient": "food", "solid food": "food", "beverage": "drink", "wheeled vehicle": "vehicle", "auto": "car",
    "motortruck": "truck", "watercraft": "boat", "aircraft": "aircraft", "musical instrument": "musical instrument", "stringed instrument":
    "stringed instrument", "furniture": "furniture", "chair": "chair", "edifice": "building", "bridge": "bridge", "clothing": "clothing", "hat": "hat",
    "footwear": "shoe", "hand tool": "tool", "arm": "weapon", "computer": "computer", "telephone": "telephone", "timepiece": "clock", "lamp": "lamp",
    "ball": "ball", "bottle": "bottle", "kitchen utensil": "kitchen utensil", "mountain": "mountain", "cookware": "kitchen utensil",
}
SCENES = {
    "seashore": ["beach", "sea"], "sandbar": ["beach", "sea"], "promontory": ["coast", "sea"], "coral reef": ["sea"], "lakeside": ["lake"],
    "alp": ["mountain"], "volcano": ["mountain"], "cliff": ["rock"], "valley": ["landscape"],
}


def read_synsets(folder):
    synsets = {}
    for line in (folder / "data.noun").read_text("latin1").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * i].replace("_", " ") for i in range(count)]
        first = 4 + 2 * count
        pointers = [fields[first + 1 + 4 * i: first + 5 + 4 * i] for i in range(int(fields[first]))]
        synsets[fields[0]] = (words, [target for sign, target, *_ in pointers if sign in ("@", "@i")])
    return synsets


def read_first_senses(folder):
    senses = {}
    for line in (folder / "index.noun").read_text("latin1").splitlines():
        if not line.startswith("  "):
            fields = line.split()
            senses[fields[0].replace("_", " ")] = fields[-int(fields[2])]
    return senses


def find_sense(tag, senses):
    words = tag.lower().split()
    for candidate in (" ".join(words), words[-1]):
        for form in (candidate, candidate.removesuffix("s"), candidate.removesuffix("es")):
            if form in senses:
                return senses[form]
    return None


def find_kinds(synset, synsets):
    kinds, waiting, seen = [], [synset], set()
    while waiting:
        words, above = synsets[waiting.pop(0)]
        kinds += [KINDS[word] for word in words if word in KINDS]
        waiting += [other for other in above if other not in seen]
        seen.update(above)
    return kinds


def main():
    wordnet, path = map(pathlib.Path, sys.argv[1:3])
    synsets, senses = read_synsets(wordnet), read_first_senses(wordnet)
    classes = json.loads(path.read_text())
    for item in classes:
        item.pop("kinds", None)
        if not item.get("isGiven", True):
            continue
        source, _, name = item["source"].partition(" ")
        synset = name.split()[-1][1:] if source == "imagenet" else find_sense(item["tag"], senses)
        kinds = (find_kinds(synset, synsets) if synset else []) + SCENES.get(item["tag"], [])
        kinds = [kind for kind in dict.fromkeys(kinds) if kind != item["tag"].lower()]
        if kinds:
            item["kinds"] = kinds
    path.write_text("[\n" + ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in classes) + "\n]\n")


if __name__ == "__main__":
    main()
