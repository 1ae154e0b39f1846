#!/usr/bin/env python3
"""Predicts three changes of the photo job from runs without them, makes the changes, and compares. Runs take turns.

Use: photo_what_ifs.py PIPELINE... -- PHOTOS WATERMARK.png [ROUNDS]
where PIPELINE... is the command of the tool, for example: dotnet exec Pipeline.Cli.dll
"""
import json
import shutil
import statistics
import subprocess
import sys
import tempfile

split = sys.argv.index("--")
tool, (photos, watermark, *more) = sys.argv[1:split], sys.argv[split + 1:]
rounds = int(more[0]) if more else 5
filters, mark = ["--blur", "0.8", "--sharpen", "0.6"], ["--watermark", watermark]
variants = {
    "as it is": filters + mark + ["--workers", "2"],
    "no filter": mark + ["--workers", "2"],
    "no watermark": filters + ["--workers", "2"],
    "one worker": filters + mark + ["--workers", "1"],
}
seconds = {name: [] for name in variants}
gains = {"no filter": [], "no watermark": [], "one worker": []}
for round_ in range(rounds + 1):
    names = list(variants)
    for name in names[round_ % 4:] + names[:round_ % 4]:
        folder = tempfile.mkdtemp(prefix="what-if-")
        try:
            run = subprocess.run(tool + ["process", photos, "--out", folder, "--json", "-", "--quiet"] + variants[name], capture_output=True, text=True, check=True)
        finally:
            shutil.rmtree(folder)
        report = json.loads(run.stdout)
        if round_ == 0:
            continue  # fills the caches of files
        seconds[name].append(report["elapsedSeconds"])
        analysis = report["analysis"]
        if name == "as it is":
            for change, stage in (("no filter", "filter"), ("no watermark", "watermark")):
                gains[change].append(next(w["gain"] for w in analysis["whatIf"] if w["kind"] == "freeStage" and w["stage"] == stage))
        if name == "one worker":
            gains[name].append(next(s["speedup"] for s in analysis["simulation"] if s["workers"] == 2) - 1)

median = {name: statistics.median(values) for name, values in seconds.items()}
print("| change | predicted | observed | points off | rounds, observed |\n|---|---|---|---|---|")
for change, text in (("no filter", "filter costs nothing"), ("no watermark", "watermark costs nothing"), ("one worker", "2 workers instead of 1")):
    before, after = ("one worker", "as it is") if change == "one worker" else ("as it is", change)
    ratios = [b / a - 1 for b, a in zip(seconds[before], seconds[after])]
    observed, predicted = statistics.median(ratios), statistics.median(gains[change])
    print(f"| {text} | {100 * predicted:+.1f} % | {100 * observed:+.1f} % | {100 * (predicted - observed):+.1f} | {', '.join(f'{100 * r:+.1f}' for r in ratios)} |")
print("\nMedian seconds: " + ", ".join(f"{name} {value:.2f}" for name, value in median.items()))
