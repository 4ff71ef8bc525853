// Builds a dense index over the vectors of an .fvecs file and searches query files at a sweep of its search parameter, on one thread.
//   dense <engine> <M> <efConstruction> <k> <base.fvecs> (<queries.fvecs> <truth.ivecs>)...
// Engines: hnswlib, faiss-hnsw, faiss-ivf (IVF, product quantisation of one bit a dimension scanned with in-register tables, exact
// refinement), faiss-ivf-fine (two bits a dimension).
// Prints lines of JSON: one about the build, then one per parameter and query file. Times are processor time of the process.
#include <hnswlib/hnswlib.h>
#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFPQFastScan.h>
#include <faiss/IndexRefine.h>
#include <omp.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct Matrix {
    size_t count = 0;
    int width = 0;
    std::vector<float> values;
    const float* row(size_t i) const { return values.data() + i * width; }
};

static Matrix readVectors(const char* path) {
    FILE* file = fopen(path, "rb");
    if (!file) { fprintf(stderr, "cannot open %s\n", path); exit(1); }
    Matrix matrix;
    int width;
    if (fread(&width, sizeof width, 1, file) != 1) { fprintf(stderr, "%s is empty\n", path); exit(1); }
    fseek(file, 0, SEEK_END);
    matrix.width = width;
    matrix.count = (size_t)ftell(file) / (sizeof(int) + sizeof(float) * width);
    matrix.values.resize(matrix.count * width);
    rewind(file);
    for (size_t i = 0; i < matrix.count; i++) {
        if (fread(&width, sizeof width, 1, file) != 1 || width != matrix.width
            || fread(matrix.values.data() + i * width, sizeof(float), width, file) != (size_t)width) {
            fprintf(stderr, "%s is cut short at row %zu\n", path, i);
            exit(1);
        }
    }
    fclose(file);
    return matrix;
}

static double processorSeconds() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

using Search = std::function<void(const float*, int, long*)>;

int main(int argc, char** argv) {
    if (argc < 8) { fprintf(stderr, "usage: dense engine M efConstruction k base (queries truth)...\n"); return 2; }
    std::string engine = argv[1];
    int m = atoi(argv[2]), efConstruction = atoi(argv[3]), k = atoi(argv[4]);
    omp_set_num_threads(1);
    Matrix base = readVectors(argv[5]);
    size_t d = base.width;
    std::vector<int> sweep = {10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1000, 1500, 2500, 4000};
    Search search;
    double bytes = 0;
    double start = processorSeconds();

    std::unique_ptr<hnswlib::InnerProductSpace> space;
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> graph;
    std::unique_ptr<faiss::Index> index, coarse, refine;
    if (engine == "hnswlib") {
        space.reset(new hnswlib::InnerProductSpace(d));
        graph.reset(new hnswlib::HierarchicalNSW<float>(space.get(), base.count, m, efConstruction));
        for (size_t i = 0; i < base.count; i++) graph->addPoint((void*)base.row(i), i);
        bytes = (double)base.count * graph->size_data_per_element_;
        search = [&](const float* query, int ef, long* labels) {
            graph->setEf(ef);
            auto found = graph->searchKnn((void*)query, k);
            for (int i = 0; i < k; i++) labels[i] = -1;
            for (size_t i = found.size(); i-- > 0; found.pop()) labels[i] = (long)found.top().second;
        };
    } else if (engine == "faiss-hnsw") {
        auto hnsw = new faiss::IndexHNSWFlat(d, m, faiss::METRIC_INNER_PRODUCT);
        index.reset(hnsw);
        hnsw->hnsw.efConstruction = efConstruction;
        hnsw->add(base.count, base.values.data());
        bytes = base.count * (4.0 * d + 4.0 * 2 * m);
        search = [&, hnsw](const float* query, int ef, long* labels) {
            hnsw->hnsw.efSearch = ef;
            std::vector<float> scores(k);
            hnsw->search(1, query, k, scores.data(), (faiss::Index::idx_t*)labels);
        };
    } else if (engine == "faiss-ivf" || engine == "faiss-ivf-fine") {
        size_t lists = 1;
        while (lists * lists * 4 < base.count) lists *= 2;  // about 2 sqrt(n) to 4 sqrt(n)
        lists *= 2;
        coarse.reset(new faiss::IndexFlatIP(d));
        size_t parts = engine == "faiss-ivf" ? d / 4 : d / 2;
        auto ivf = new faiss::IndexIVFPQFastScan(coarse.get(), d, lists, parts, 4, faiss::METRIC_INNER_PRODUCT);
        index.reset(ivf);
        ivf->by_residual = false;
        ivf->cp.niter = 10;
        ivf->cp.max_points_per_centroid = 40;
        ivf->train(std::min<size_t>(base.count, 200000), base.values.data());
        auto flat = new faiss::IndexRefineFlat(ivf);
        refine.reset(flat);
        flat->add(base.count, base.values.data());
        bytes = base.count * (4.0 * d + parts / 2.0 + 8);
        sweep = {8, 16, 32, 64, 128, 256, 512, 1024};
        search = [&, ivf, flat](const float* query, int nprobe, long* labels) {
            ivf->nprobe = std::min<size_t>(nprobe, ivf->nlist);
            std::vector<float> scores(k);
            flat->search(1, query, k, scores.data(), (faiss::Index::idx_t*)labels);
        };
    } else {
        fprintf(stderr, "unknown engine %s\n", engine.c_str());
        return 2;
    }

    printf("{\"buildSeconds\":%.3f,\"bytes\":%.0f}\n", processorSeconds() - start, bytes);
    fflush(stdout);
    std::vector<int> refineFactors = refine ? std::vector<int>{10, 40} : std::vector<int>{1};
    for (int file = 0; 6 + 2 * file + 1 < argc; file++) {
        Matrix queries = readVectors(argv[6 + 2 * file]);
        Matrix truth = readVectors(argv[7 + 2 * file]);  // .ivecs: the same layout, integers
        for (int factor : refineFactors) {
            if (refine) static_cast<faiss::IndexRefineFlat*>(refine.get())->k_factor = factor;
            for (int value : sweep) {
                double best = 1e30;
                long right = 0;
                std::vector<long> labels(k);
                double total = 0;
                for (int round = 0; round < 3 && total < 1; round++) {
                    right = 0;
                    double began = processorSeconds();
                    for (size_t i = 0; i < queries.count; i++) {
                        search(queries.row(i), value, labels.data());
                        const int* expected = (const int*)truth.row(i);
                        for (long label : labels) right += std::find(expected, expected + k, (int)label) != expected + k;
                    }
                    double seconds = processorSeconds() - began;
                    best = std::min(best, seconds);
                    total += seconds;
                }
                double recall = (double)right / (queries.count * k);
                printf("{\"file\":%d,\"parameter\":%d,\"refine\":%d,\"recall\":%.5f,\"queriesPerSecond\":%.1f}\n",
                       file, value, factor, recall, queries.count / best);
                fflush(stdout);
                if (recall > 0.993) break;
            }
        }
    }
}
