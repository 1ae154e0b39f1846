#!/usr/bin/env python3
"""Runs the photo job on the same JPEG files by Pipeline, Pillow, ImageMagick and the vips command line, interleaved, and prints a table.

run.py --pipeline "dotnet path/to/pipeline.dll" [--photos 4] [--megapixels 24] [--repeat 2] [--python python3]

The work: decode, 3840 / 1920 / 256 pixels wide by Lanczos3 from the full picture, Gaussian blur of sigma 2, unsharp mask (sigma 1, amount 1), a logo over 30 % of
the shorter edge at 40 %, JPEG of quality 85. Wall time is the smallest of the repetitions, process start included; CPU time and peak memory are
those of the largest process of that run. Needs python3-pil, imagemagick and libvips-tools; what is missing is left out."""
import argparse
import glob
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def measure(command):
    """Runs a command in a child of its own, so that its CPU time and peak memory are not mixed with those of the others."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        start = time.perf_counter()
        result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        wall = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write, f"{result.returncode} {wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}".encode())
        os.write(2, result.stderr[-2000:] if result.returncode else b"")
        os._exit(0)
    os.waitpid(child, 0)
    code, wall, cpu, rss = os.read(read, 200).split()
    os.close(read)
    os.close(write)
    if int(code):
        sys.exit(f"{command} ended with {int(code)}")
    return float(wall), float(cpu), float(rss)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--pipeline", required=True)
    options.add_argument("--logo", required=True)
    options.add_argument("--photos", type=int, default=4)
    options.add_argument("--megapixels", type=float, default=24)
    options.add_argument("--repeat", type=int, default=2)
    options.add_argument("--python", default="/usr/bin/python3")
    given = options.parse_args()
    pipeline = shlex.split(given.pipeline)
    work = tempfile.mkdtemp(prefix="side-by-side-")
    try:
        subprocess.run([*pipeline, "samples", f"{work}/raw", "--count", str(given.photos), "--megapixels", str(given.megapixels)], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*pipeline, "process", f"{work}/raw", "--out", f"{work}/in", "--sizes", "20000", "--quality", "92", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(f"{work}/raw")
        photos = sorted(glob.glob(f"{work}/in/*.jpg"))
        settings = ["--sizes", "3840,1920,256", "--blur", "2", "--sharpen", "1", "--watermark", given.logo, "--opacity", "0.4", "--quality", "85", "--quiet"]
        peers = {
            "Pipeline, 2 workers": [*pipeline, "process", *photos, "--out", f"{work}/p2", *settings, "--workers", "2"],
            "Pipeline, 1 worker": [*pipeline, "process", *photos, "--out", f"{work}/p1", *settings, "--workers", "1"],
            "Python + Pillow, single-threaded": [given.python, f"{HERE}/pillow_job.py", given.logo, f"{work}/pil", *photos],
            "vips command line": [f"{HERE}/vips_job.sh", given.logo, f"{work}/vips", *photos],
            "ImageMagick 6": [f"{HERE}/magick_job.sh", given.logo, f"{work}/im", *photos],
        }
        results = {name: [] for name in peers}
        for _ in range(given.repeat):
            for name, command in peers.items():
                results[name].append(measure(command))
        first = min(results["Pipeline, 2 workers"])[0]
        print(f"{len(photos)} JPEG photos of {given.megapixels:g} MP, {sum(map(os.path.getsize, photos)) / 1e6:.1f} MB; {os.cpu_count()} processors; best of {given.repeat}.\n")
        print("| program | seconds | photos per second | times Pipeline's time | CPU seconds | peak MB |")
        print("|---|---:|---:|---:|---:|---:|")
        for name, runs in results.items():
            wall, cpu, rss = min(runs)
            print(f"| {name} | {wall:.2f} | {len(photos) / wall:.2f} | {wall / first:.2f} | {cpu:.2f} | {rss:.0f} |")
    finally:
        shutil.rmtree(work)


main()
