using System.Globalization;
using MultiVecRetrieval.Benchmarks;
using MultiVecRetrieval.Benchmarks.Dense;
using MultiVecRetrieval.Benchmarks.Growth;
using MultiVecRetrieval.Benchmarks.Load;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] options = args.Length > 1 ? args[1..] : [];
switch (args.FirstOrDefault())
{
    case "kernels":
        return KernelBenchmark.Run(options);
    case "bits":
        return BitsBenchmark.Run(options);
    case "search":
        return SearchBenchmark.Run(options);
    case "codecs":
        return CodecsBenchmark.Run(options);
    case "allocations":
        return AllocationBenchmark.Run();
    case "codes":
        return CodesBenchmark.Run(options);
    case "dense":
        return DenseBenchmark.Run(options);
    case "encode":
        return EncodeBenchmark.Run(options);
    case "generators":
        return GeneratorsBenchmark.Run();
    case "binarizer":
        return BinarizerBenchmark.Run(options);
    case "scales":
        return PictureScalesBenchmark.Run(options);
    case "reduce":
        return ReduceBenchmark.Run(options);
    case "heatmap":
        return HeatMapBenchmark.Run(options);
    case "load":
        return await LoadBenchmark.RunAsync(options);
    case "growth":
        return GrowthBenchmark.Run(options);
    case "tiers":
        return TiersBenchmark.Run(options);
    default:
        Console.Error.WriteLine("""
            Usage: MultiVecRetrieval.Benchmarks <command> [options]

              kernels       exact MaxSim in pages/s on one core, beside a plain loop over TensorPrimitives.Dot and NumKong
                            [--rounds N] [--shape QxRxD]... [--no-peer]   (query rows x page rows x d)
              bits          scores over bit-planes beside float32 and int8: pages/s on one core, and ns per single row
                            [--rounds N]
              search        1,000 pages end to end through Collection.Search, exactly and by tiers at a recall of .99, beside
                            LanceDB's exact search and IVF_PQ (needs node and npm)
                            [--pages N] [--rows N] [--dim N] [--queries N] [--query-rows N] [--tiers SPEC,SPEC] [--no-peer]
              codes         MaxSim over codes and code sets of a million pages beside a table loop; time to train centroids
                            [--pages N] [--rounds N] [--no-training]
                            codes --graphs [--pages N]: candidates by graphs over rows and over centroids, as HPC-ColPali has it, beside flat scans of codes
              tiers         100,000 pages, or pictures of one row, end to end, exactly, by each tier with the budget that its own measurement chose, and as
                            planned, with the time of each stage; pages by the tiers that they get by themselves unless others are named
                            [--pages N | --pictures N] [--rows N] [--dim N] [--queries N] [--query-rows N] [--recall R] [--tier SPEC]... [--folder KEPT]
              growth        10,000, 100,000 and 1,000,000 pages of 64 rows: seconds to build, bytes, searches with files in memory and without;
                            25 GB of disk, about an hour [--pages N,N] [--rows N] [--queries N] [--query-rows N] [--tier SPEC]... [--plot FILE]
                            [--folder KEPT]
              dense         one query vector among many: inverted lists and graphs beside hnswlib, USearch, FAISS, zvec and sqlite-vec, at recall .95 and .99
                            (a million: --pictures 1000000 --engines lists,hnswlib,faiss-ivf-fine; a graph takes a quarter of an hour and more to build)
                            [--pictures N] [--dim N] [--queries N] [--m N] [--ef-construction N] [--engines A,B]
              encode        pages/s of the bundled model beside bare inference, and memory [pages]
              generators    what the generated pages and pictures of the other benchmarks are like, and how fast they are made
              binarizer     closed form against learned heads, and new queries on old codes, at 1 and 2 bits; ms a training step
                            [--pictures N] [--dim N] [--steps N] [--seconds-only]
              scales        at which sizes pictures should be read; on scenes of tools/models/page-words/scenes.py [folder]
              reduce        ms per page of each reduction of rows [--rounds N] [--shape RxD] [--spec SPEC]...
              heatmap       ms of a heat map of a page: its numbers, its pixels, its PNG [--rounds N]
              load          a server under clients that search, ask by vectors, upload and give up; exits with 1 on a 5xx or a lost upload
                            [--clients N] [--seconds N]
              codecs        pages/s on one core and bytes a page of the codecs that keep every row, and of one-vector candidates
                            [--rounds N] [--pages N] [--shape QxRxD] [--codec SPEC]...
              allocations   bytes allocated per operation against allocations.json; exits with 1 when a budget is exceeded
            """);
        return 2;
}
