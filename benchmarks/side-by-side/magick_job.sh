#!/usr/bin/env bash
# The photo job by ImageMagick 6, one process per photo, its own threads on. magick_job.sh LOGO OUT PHOTO...
set -euo pipefail
logo=$1 out=$2
shift 2
mkdir -p "$out"
for photo in "$@"; do
  name=$(basename "${photo%.*}")
  height=$(identify -format %h "$photo") width=$(identify -format %w "$photo")
  args=()
  for w in 3840 1920 256; do
    h=$(((height * w + width / 2) / width))
    edge=$((w < h ? w : h))
    args+=('(' mpr:photo -filter Lanczos -resize "${w}x" -blur 0x2 -unsharp 0x1+1+0
      '(' "$logo" -resize "$((edge * 3 / 10))x" -channel A -evaluate multiply 0.4 +channel ')'
      -gravity SouthEast -geometry "+$((edge * 3 / 100))+$((edge * 3 / 100))" -compose over -composite -quality 85 -write "$out/${name}_$w.jpg" ')' -delete 0--1)
  done
  convert "$photo" -write mpr:photo +delete "${args[@]}" xc:black null:
done
