#!/usr/bin/env bash
# Fetches the public templates that the corpus tests read, at named commits, into a folder that git ignores. The tests skip without it.
# Use: tests/Pipeline.Infra.Tests/Corpora/fetch.sh [FOLDER]
set -euo pipefail
folder=${1:-$(dirname "$0")/files}
mkdir -p "$folder"
fetch() { # owner/name commit
  local target=$folder/${1/\//+}
  [ -d "$target" ] && return
  git clone --quiet --filter=blob:none --no-checkout "https://github.com/$1" "$target"
  git -C "$target" checkout --quiet "$2"
}
fetch aws-cloudformation/aws-cloudformation-templates 142ce6f283d285fa370adb7f9d332d7f46dac5fc # Apache-2.0
fetch widdix/aws-cf-templates 1a9f04f934179975a3a56c2496d2ed2b27598bd8                         # Apache-2.0
fetch aws-quickstart/quickstart-aws-vpc e7ab8614e05bcaf0b87aadbafa8c1916274a07c7               # Apache-2.0
fetch aws-samples/ecs-refarch-cloudformation a257e226b33bd9d2a721e5afd9d7e8b66dbacfdc          # Apache-2.0
fetch stelligent/cfn_nag 8b5f03da74202ba323a145e9d037ddce6cab9dec                              # MIT
echo "the templates are in $folder"
