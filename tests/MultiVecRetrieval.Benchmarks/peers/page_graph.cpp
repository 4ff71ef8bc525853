// Builds an hnswlib graph over the rows of pages and asks it for the nearest rows of each query row, one at a time, on one thread.
//   page_graph <M> <efConstruction> <rows.fvecs> <queries.fvecs> <out> <ef>...
// As many rows are asked for as ef. Writes, per ef and query row, as many int32 row numbers, nearest first, then as many float32 squared
// distances. Prints lines of JSON: one about the build, then one per ef. Times are processor time of the process.
#include <hnswlib/hnswlib.h>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

static std::vector<float> readVectors(const char* path, int& width) {
    FILE* file = fopen(path, "rb");
    if (!file) { fprintf(stderr, "cannot open %s\n", path); exit(1); }
    std::vector<float> values, row;
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
    if (argc < 7) { fprintf(stderr, "usage: page_graph M efConstruction rows queries out ef...\n"); return 2; }
    int d = 0;
    std::vector<float> rows = readVectors(argv[3], d);
    std::vector<float> queries = readVectors(argv[4], d);
    size_t rowCount = rows.size() / d, queryCount = queries.size() / d;
    double start = processorSeconds();
    hnswlib::L2Space space(d);
    hnswlib::HierarchicalNSW<float> graph(&space, rowCount, atoi(argv[1]), atoi(argv[2]));
    for (size_t i = 0; i < rowCount; i++) graph.addPoint(rows.data() + i * d, i);
    printf("{\"buildSeconds\": %.3f}\n", processorSeconds() - start);
    FILE* out = fopen(argv[5], "wb");
    if (!out) { fprintf(stderr, "cannot write %s\n", argv[5]); return 1; }
    for (int argument = 6; argument < argc; argument++) {
        int ef = atoi(argv[argument]);
        graph.setEf(ef);
        std::vector<int> labels(queryCount * ef);
        std::vector<float> distances(queryCount * ef);
        double best = 1e30;
        for (int round = 0; round < 2; round++) {
            start = processorSeconds();
            for (size_t i = 0; i < queryCount; i++) {
                auto found = graph.searchKnn(queries.data() + i * d, ef);
                for (size_t j = found.size(); j < (size_t)ef; j++) labels[i * ef + j] = -1;
                for (size_t j = found.size(); j-- > 0; found.pop()) {
                    labels[i * ef + j] = (int)found.top().second;
                    distances[i * ef + j] = found.top().first;
                }
            }
            double seconds = processorSeconds() - start;
            if (seconds < best) best = seconds;
        }
        for (size_t i = 0; i < queryCount; i++) {
            fwrite(labels.data() + i * ef, sizeof(int), ef, out);
            fwrite(distances.data() + i * ef, sizeof(float), ef, out);
        }
        printf("{\"ef\": %d, \"seconds\": %.6f}\n", ef, best);
    }
    fclose(out);
    return 0;
}
