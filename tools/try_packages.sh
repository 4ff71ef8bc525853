#!/usr/bin/env bash
# Packs the packages and the tool, installs them from a folder into a new project and a new tool folder, and runs both: what is packed
# holds all that it needs. Takes minutes, so it is no test of the suite.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(mktemp -d)
# A version of its own, so that the cache of packages, which keeps what it has seen, has none of it.
version=0.0.0-try$(date +%s)
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
cleanup() {
  rm -rf "$folder"
  for one in "$cache"/multivecretrieval*/"$version"; do rm -rf "$one"; done
}
trap cleanup EXIT

for project in "$root"/src/*/*.csproj "$root"/tools/MultiVecRetrieval.Cli/*.csproj; do
  dotnet pack "$project" -c Release -v q --nologo -p:PackageVersion="$version" -o "$folder/packages"
done
(cd "$folder/packages" && ls -1sh -- *.nupkg)

# Nothing packed says where it was built.
for package in "$folder"/packages/*nupkg; do
  rm -rf "$folder/unpacked"
  unzip -qo "$package" -d "$folder/unpacked"
  if found=$(grep -rlaF --include='MultiVecRetrieval*' --include='mvr*' --exclude='*.json' "$root/" "$folder/unpacked"); then
    echo "$(basename "$package") names the folder that it was built in: $found" >&2
    exit 1
  fi
done

mkdir "$folder/app"
cd "$folder/app"
cat >app.csproj <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <RestoreAdditionalProjectSources>$folder/packages</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="MultiVecRetrieval.VectorData" Version="$version" />
  </ItemGroup>
</Project>
PROJECT
cat >Program.cs <<'PROGRAM'
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval;
using MultiVecRetrieval.VectorData;

using Library library = new(new LibraryOptions { DataFolder = "indexes" });
MultiVecCollection<int, Page> pages = library.AsVectorStore().GetCollection<int, Page>("pages");
await pages.EnsureCollectionExistsAsync();
await pages.UpsertAsync([new Page { Id = 1, Rows = [[1, 0], [0, 1]] }, new Page { Id = 2, Rows = [[-1, 0]] }]);
await foreach (VectorSearchResult<Page> hit in pages.SearchAsync(new float[][] { [1, 0], [0, 2] }, top: 2))
{
    Console.WriteLine($"{hit.Record.Id} {hit.Score:0.0}");
}

// A bundled model came with the packages.
Console.WriteLine((await library.AsEmbeddingGenerator("minilm").GenerateAsync(["pump"]))[0].Dimensions);

internal sealed class Page
{
    [VectorStoreKey]
    public int Id { get; set; }

    [VectorStoreVector(2)]
    public float[][]? Rows { get; set; }
}
PROGRAM
printed=$(dotnet run -c Release)
expected=$'1 2.0\n2 -1.0\n384'
[ "$printed" = "$expected" ] || { printf 'the program printed\n%s\nexpected\n%s\n' "$printed" "$expected" >&2; exit 1; }

dotnet tool install MultiVecRetrieval.Tool --version "$version" --tool-path "$folder/tool" --add-source "$folder/packages" >/dev/null
"$folder/tool/mvr" --version
"$folder/tool/mvr" models >/dev/null
echo "the packages install and run"
