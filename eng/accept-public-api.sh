#!/usr/bin/env bash
# Appends every public symbol that the build reports as undeclared (RS0016) to the project's PublicAPI.Unshipped.txt
# and drops the declared ones that no longer exist (RS0017).
# Use: eng/accept-public-api.sh src/Pipeline.Core
set -euo pipefail
project=${1:?a project folder, for example src/Pipeline.Core}
file=$project/PublicAPI.Unshipped.txt
[ -f "$file" ] || echo '#nullable enable' > "$file"
[ -f "$project/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$project/PublicAPI.Shipped.txt"
log=$(dotnet build "$project" -v quiet -p:RunAnalyzers=true --no-incremental -p:TreatWarningsAsErrors=false -clp:NoSummary 2>&1 || true)
added=$(sed -nE "s/.*RS0016: Symbol '(.*)' is not part of the declared public API.*/\1/p" <<<"$log" | sort -u)
gone=$(sed -nE "s/.*RS0017: Symbol '(.*)' is part of the declared API, but.*/\1/p" <<<"$log" | sort -u)
if [ -n "$gone" ]; then grep -vxFf <(printf '%s\n' "$gone") "$file" > "$file.new" || true; mv "$file.new" "$file"; fi
{ echo '#nullable enable'; { grep -v '^#nullable enable$' "$file" || true; printf '%s\n' "$added"; } | sed '/^$/d' | LC_ALL=C sort -u; } > "$file.new"
mv "$file.new" "$file"
echo "$file: $(grep -c . <<<"$added" || true) added, $(grep -c . <<<"$gone" || true) removed"
