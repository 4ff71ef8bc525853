"""Searches binary codes with FAISS IndexBinaryFlat: file of codes, bits, number of codes, queries and results, then the threads to try."""
import json
import sys
import time

import faiss
import numpy as np

file, bits, count, query_count, top = sys.argv[1], *map(int, sys.argv[2:6])
size = bits // 8
data = np.fromfile(file, dtype=np.uint8).reshape(count + query_count, size)
index = faiss.IndexBinaryFlat(bits)
index.add(data[:count])
queries = data[count:]
runs = []
distances = None
for threads in map(int, sys.argv[6:]):
    faiss.omp_set_num_threads(threads)
    index.search(queries[:1], top)
    single = []
    for query in queries:
        start = (time.perf_counter(), time.process_time())
        index.search(query[None], top)
        single.append((time.perf_counter() - start[0], time.process_time() - start[1]))
    start = (time.perf_counter(), time.process_time())
    distances, _ = index.search(queries, top)
    batch = (time.perf_counter() - start[0], time.process_time() - start[1])
    runs.append({
        "threads": threads,
        "singleMs": 1e3 * float(np.median([wall for wall, _ in single])),
        "singleProcessorMs": 1e3 * float(np.median([cpu for _, cpu in single])),
        "batchMs": 1e3 * batch[0] / query_count,
        "batchProcessorMs": 1e3 * batch[1] / query_count,
    })
print(json.dumps({"version": faiss.__version__, "runs": runs, "distances": distances.tolist()}))
