#!/usr/bin/env python3
"""Predicts three changes of the photo job from runs without them, makes the changes, and compares. Runs take turns.

Use: photo_what_ifs.py PIPELINE... -- PHOTOS WATERMARK.png [ROUNDS]
where PIPELINE... is the command of the tool, for example: dotnet exec Pipeline.Cli.dll

A run during which other programs took more than a twentieth of the processors (Linux: /proc/stat) is repeated, up to twice; how many were is printed.
"""
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

DISTURBED, REPEATS = 0.05, 2
split = sys.argv.index("--")
tool, (photos, watermark, *more) = sys.argv[1:split], sys.argv[split + 1:]
rounds = int(more[0]) if more else 4
filters, mark = ["--blur", "0.8", "--sharpen", "0.6"], ["--watermark", watermark]
variants = {
    "as it is": filters + mark + ["--workers", "2"],
    "no filter": mark + ["--workers", "2"],
    "no watermark": filters + ["--workers", "2"],
    "one worker": filters + mark + ["--workers", "1"],
}
others_by_run, repeated = [], 0


def busy_seconds():
    """Processor seconds of the whole machine, less those of the runs so far; None where the platform does not tell."""
    try:
        with open("/proc/stat", encoding="ascii") as stat:
            user, nice, system, _, _, irq, soft, steal = (int(x) for x in stat.readline().split()[1:9])
    except OSError:
        return None
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK") - own.ru_utime - own.ru_stime


def run_once(options):
    folder = tempfile.mkdtemp(prefix="what-if-")
    before, start = busy_seconds(), time.monotonic()
    try:
        run = subprocess.run(tool + ["process", photos, "--out", folder, "--json", "-", "--quiet"] + options, capture_output=True, text=True, check=True)
    finally:
        shutil.rmtree(folder)
    others = None if before is None else (busy_seconds() - before) / (time.monotonic() - start) / os.cpu_count()
    return json.loads(run.stdout), others


def run_undisturbed(options):
    global repeated
    tries = []
    for _ in range(1 + REPEATS):
        tries.append(run_once(options))
        if tries[-1][1] is None or tries[-1][1] <= DISTURBED:
            break
    repeated += len(tries) - 1
    report, others = min(tries, key=lambda t: t[1] or 0)
    others_by_run.append(others)
    return report


seconds = {name: [] for name in variants}
gains = {"no filter": [], "no watermark": [], "one worker": []}
run_once(variants["as it is"])  # fills the caches of files
for round_ in range(rounds):
    names = list(variants)
    for name in names[round_ % 4:] + names[:round_ % 4]:
        report = run_undisturbed(variants[name])
        seconds[name].append(report["elapsedSeconds"])
        analysis = report["analysis"]
        if name == "as it is":
            for change, stage in (("no filter", "filter"), ("no watermark", "watermark")):
                gains[change].append(next(w["gain"] for w in analysis["whatIf"] if w["kind"] == "freeStage" and w["stage"] == stage))
        if name == "one worker":
            gains[name].append(next(s["speedup"] for s in analysis["simulation"] if s["workers"] == 2) - 1)


def percents(values):
    return ", ".join(f"{100 * value:+.1f}" for value in values)


median = {name: statistics.median(values) for name, values in seconds.items()}
print("| change | predicted | observed | points off | rounds, predicted | rounds, observed |\n|---|---|---|---|---|---|")
for change, text in (("no filter", "filter costs nothing"), ("no watermark", "watermark costs nothing"), ("one worker", "2 workers instead of 1")):
    before, after = ("one worker", "as it is") if change == "one worker" else ("as it is", change)
    ratios = [b / a - 1 for b, a in zip(seconds[before], seconds[after])]
    observed, predicted = statistics.median(ratios), statistics.median(gains[change])
    print(f"| {text} | {100 * predicted:+.1f} % | {100 * observed:+.1f} % | {100 * (predicted - observed):+.1f} | {percents(gains[change])} | {percents(ratios)} |")
print("\nMedian seconds: " + ", ".join(f"{name} {value:.2f}" for name, value in median.items()))
if None in others_by_run:
    print("This platform does not tell what other programs took.")
else:
    disturbed = sum(others > DISTURBED for others in others_by_run)
    print(f"Other programs took {100 * statistics.median(others_by_run):.1f} % of the processors in the median run. Runs repeated because of them: {repeated}; kept although disturbed: {disturbed} of {len(others_by_run)}.")
