// MaxSim of NumKong's headers (in the npm package usearch) behind plain functions; built by NumKongPeer.cs.
// Without compiler support for bf16 (-DNK_NATIVE_BF16=0) a bf16 is its 16 bits.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "numkong/maxsim.h"

#if NK_TARGET_ICELAKE
#define F32(name) name##_f32_icelake
#else
#define F32(name) name##_f32_haswell
#endif
#if NK_TARGET_GENOA
#define BF16(name) name##_bf16_genoa
#else
#define BF16(name) name##_bf16_haswell
#endif

const char *peer_instructions(void) {
    return
#if NK_TARGET_ICELAKE
        "f32 icelake, "
#else
        "f32 haswell, "
#endif
#if NK_TARGET_GENOA
        "bf16 genoa";
#else
        "bf16 haswell";
#endif
}

static void *allocate(size_t size) { return aligned_alloc(64, (size + 63) / 64 * 64); }

void *peer_pack_f32(const float *rows, size_t count, size_t depth) {
    void *packed = allocate(F32(nk_maxsim_packed_size)(count, depth));
    if (packed) F32(nk_maxsim_pack)(rows, count, depth, depth * sizeof(float), packed);
    return packed;
}

size_t peer_size_f32(size_t count, size_t depth) { return F32(nk_maxsim_packed_size)(count, depth); }

// NumKong adds up angular distances; unit rows turn them into a sum of cosines.
double peer_score_f32(const void *query, const void *page, size_t query_count, size_t page_count, size_t depth) {
    double distance = 0;
    F32(nk_maxsim_packed)(query, page, query_count, page_count, depth, &distance);
    return (double)query_count - distance;
}

void *peer_pack_bf16(const float *rows, size_t count, size_t depth) {
    uint16_t *halves = malloc(count * depth * sizeof(uint16_t));
    void *packed = allocate(BF16(nk_maxsim_packed_size)(count, depth));
    if (packed && halves) {
        for (size_t i = 0; i < count * depth; i++) {
            uint32_t bits;
            memcpy(&bits, rows + i, sizeof bits);
            halves[i] = (uint16_t)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
        BF16(nk_maxsim_pack)((const nk_bf16_t *)halves, count, depth, depth * sizeof(uint16_t), packed);
    }
    free(halves);
    return packed;
}

size_t peer_size_bf16(size_t count, size_t depth) { return BF16(nk_maxsim_packed_size)(count, depth); }

double peer_score_bf16(const void *query, const void *page, size_t query_count, size_t page_count, size_t depth) {
    float distance = 0;
    BF16(nk_maxsim_packed)(query, page, query_count, page_count, depth, &distance);
    return (double)query_count - distance;
}

void peer_free(void *packed) { free(packed); }
