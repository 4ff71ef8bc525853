// Builds FAISS's IndexHNSWFlat over the rows of pages and asks it for the nearest rows of each query row, one at a time, on one thread.
//   page_graph <M> <rows.fvecs> <queries.fvecs> <out> <efSearch>...
// As many rows are asked for as efSearch. Writes, per efSearch and query row, as many int32 row numbers, then as many float32 squared
// distances. Prints lines of JSON: one about the build, then one per efSearch. Times are processor time of the process.
#include <faiss/IndexHNSW.h>
#include <omp.h>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

static std::vector<float> readVectors(const char* path, int& width) {
    FILE* file = fopen(path, "rb");
    if (!file) { fprintf(stderr, "cannot open %s\n", path); exit(1); }
    std::vector<float> values;
    std::vector<float> row;
    while (fread(&width, sizeof width, 1, file) == 1) {
        row.resize(width);
        if (fread(row.data(), sizeof(float), width, file) != (size_t)width) { fprintf(stderr, "%s is cut short\n", path); exit(1); }
        values.insert(values.end(), row.begin(), row.end());
    }
    fclose(file);
    return values;
}

static double processorSeconds() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

int main(int argc, char** argv) {
    if (argc < 6) { fprintf(stderr, "usage: page_graph M rows queries out ef...\n"); return 2; }
    omp_set_num_threads(1);
    int d = 0;
    std::vector<float> rows = readVectors(argv[2], d);
    std::vector<float> queries = readVectors(argv[3], d);
    size_t queryCount = queries.size() / d;
    double start = processorSeconds();
    faiss::IndexHNSWFlat index(d, atoi(argv[1]));
    index.add(rows.size() / d, rows.data());
    printf("{\"buildSeconds\": %.3f}\n", processorSeconds() - start);
    FILE* out = fopen(argv[4], "wb");
    if (!out) { fprintf(stderr, "cannot write %s\n", argv[4]); return 1; }
    for (int argument = 5; argument < argc; argument++) {
        int ef = atoi(argv[argument]);
        index.hnsw.efSearch = ef;
        std::vector<faiss::Index::idx_t> labels(queryCount * ef);
        std::vector<float> distances(queryCount * ef);
        double best = 1e30;
        for (int round = 0; round < 2; round++) {
            start = processorSeconds();
            for (size_t i = 0; i < queryCount; i++)
                index.search(1, queries.data() + i * d, ef, distances.data() + i * ef, labels.data() + i * ef);
            double seconds = processorSeconds() - start;
            if (seconds < best) best = seconds;
        }
        for (size_t i = 0; i < queryCount; i++) {
            std::vector<int> narrow(labels.begin() + i * ef, labels.begin() + (i + 1) * ef);
            fwrite(narrow.data(), sizeof(int), ef, out);
            fwrite(distances.data() + i * ef, sizeof(float), ef, out);
        }
        printf("{\"ef\": %d, \"seconds\": %.6f}\n", ef, best);
    }
    fclose(out);
    return 0;
}
