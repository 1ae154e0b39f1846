#!/usr/bin/env bash
# The photo job by the vips command line, one process per step, its own threads on. vips_job.sh LOGO OUT PHOTO...
set -euo pipefail
logo=$1 out=$2
shift 2
mkdir -p "$out/steps"
t=$out/steps
logo_width=$(vipsheader -f width "$logo")
for photo in "$@"; do
  name=$(basename "${photo%.*}")
  width=$(vipsheader -f width "$photo")
  vips copy "$photo" "$t/full.v"
  for w in 3840 1920 256; do
    vips resize "$t/full.v" "$t/r.v" "$(echo "$w/$width" | bc -l)" --kernel lanczos3
    vips gaussblur "$t/r.v" "$t/b.v" 2
    vips sharpen "$t/b.v" "$t/s.v" --sigma 1
    h=$(vipsheader -f height "$t/r.v")
    edge=$((w < h ? w : h))
    mark=$((edge * 3 / 10)) margin=$((edge * 3 / 100))
    vips resize "$logo" "$t/l.v" "$(echo "$mark/$logo_width" | bc -l)"
    vips linear "$t/l.v" "$t/l2.v" "1 1 1 0.4" "0 0 0 0" --uchar
    mark_height=$(vipsheader -f height "$t/l.v")
    vips composite2 "$t/s.v" "$t/l2.v" "$t/c.v" over --x $((w - mark - margin)) --y $((h - mark_height - margin))
    vips flatten "$t/c.v" "$out/${name}_$w.jpg[Q=85]"
  done
done
rm -rf "$t"
