// What the tensor-core instructions of a Hopper GPU return: mma.sync and wgmma on codes from memory, with any
// accumulator to start from. `record_tensor_core.py` calls `run` through a shared library:
//
//     nvcc -gencode arch=compute_90a,code=sm_90a -Xcompiler -fPIC -shared -o libinstructions.so tensor_core_instructions.cu
//
// A is M x K and B is K x N, row-major codes; C and D are M x N float32. K beyond the last code is padded with zeros.
// M is a multiple of 64, N of 8. One warp (mma) or four (wgmma) compute a tile of 16 x 8 or 64 x 8 and chain the
// instruction along K. With 16-bit accumulators C is rounded to half first, and D is widened.
#include <cstdint>
#include <cstdio>
#include <cuda_fp16.h>

using u8 = uint8_t;
using u32 = uint32_t;
using u64 = uint64_t;

template <int BYTES> __device__ u32 codeAt(const u8* codes, size_t index) {
  u32 code = 0;
  for (int byte = 0; byte < BYTES; byte++) code |= (u32)codes[index * BYTES + byte] << (8 * byte);
  return code;
}

// Codes that lie next to each other along K share a register of 32 bits.
template <int BYTES> __device__ u32 packRow(const u8* a, int K, int row, int k) {
  u32 packed = 0;
  for (int j = 0; j < 4 / BYTES; j++)
    if (k + j < K) packed |= codeAt<BYTES>(a, (size_t)row * K + k + j) << (8 * BYTES * j);
  return packed;
}

template <int BYTES> __device__ u32 packColumn(const u8* b, int K, int N, int k, int column) {
  u32 packed = 0;
  for (int j = 0; j < 4 / BYTES; j++)
    if (k + j < K) packed |= codeAt<BYTES>(b, (size_t)(k + j) * N + column) << (8 * BYTES * j);
  return packed;
}

#define MMA_FLOAT(NAME, SHAPE, A, B)                                                                             \
  struct NAME {                                                                                                  \
    static __device__ void run(float* d, const u32* a, const u32* b) {                                           \
      asm volatile("mma.sync.aligned." SHAPE ".row.col.f32." A "." B                                             \
                   ".f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"                                     \
                   : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])                                              \
                   : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));                          \
    }                                                                                                            \
  };
#define MMA_HALF(NAME, SHAPE, A, B)                                                                              \
  struct NAME {                                                                                                  \
    static __device__ void run(u32* d, const u32* a, const u32* b) {                                             \
      asm volatile("mma.sync.aligned." SHAPE ".row.col.f16." A "." B ".f16 {%0,%1},{%2,%3,%4,%5},{%6,%7},{%0,%1};" \
                   : "+r"(d[0]), "+r"(d[1])                                                                      \
                   : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));                          \
    }                                                                                                            \
  };
#define WGMMA_FLOAT(NAME, SHAPE, A, B, TRANSPOSE)                                                                \
  struct NAME {                                                                                                  \
    static __device__ void run(float* d, const u32* a, u64 b) {                                                  \
      asm volatile("{ .reg .pred p; setp.ne.b32 p, 1, 0; wgmma.mma_async.sync.aligned." SHAPE ".f32." A "." B    \
                   " {%0,%1,%2,%3},{%4,%5,%6,%7}, %8, p, 1, 1" TRANSPOSE "; }"                                   \
                   : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])                                              \
                   : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));                                        \
    }                                                                                                            \
  };
#define WGMMA_HALF(NAME, SHAPE, A, B, TRANSPOSE)                                                                 \
  struct NAME {                                                                                                  \
    static __device__ void run(u32* d, const u32* a, u64 b) {                                                    \
      asm volatile("{ .reg .pred p; setp.ne.b32 p, 1, 0; wgmma.mma_async.sync.aligned." SHAPE ".f16." A "." B    \
                   " {%0,%1},{%2,%3,%4,%5}, %6, p, 1, 1" TRANSPOSE "; }"                                         \
                   : "+r"(d[0]), "+r"(d[1])                                                                      \
                   : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));                                        \
    }                                                                                                            \
  };

MMA_FLOAT(MmaE4E4, "m16n8k32", "e4m3", "e4m3")
MMA_FLOAT(MmaE5E4, "m16n8k32", "e5m2", "e4m3")
MMA_FLOAT(MmaE4E5, "m16n8k32", "e4m3", "e5m2")
MMA_FLOAT(MmaE5E5, "m16n8k32", "e5m2", "e5m2")
MMA_FLOAT(MmaHalf, "m16n8k16", "f16", "f16")
MMA_FLOAT(MmaBfloat, "m16n8k16", "bf16", "bf16")
MMA_FLOAT(MmaTf32, "m16n8k8", "tf32", "tf32")
MMA_HALF(MmaE4E4ToHalf, "m16n8k32", "e4m3", "e4m3")
MMA_HALF(MmaE5E4ToHalf, "m16n8k32", "e5m2", "e4m3")
MMA_HALF(MmaE5E5ToHalf, "m16n8k32", "e5m2", "e5m2")
MMA_HALF(MmaHalfToHalf, "m16n8k16", "f16", "f16")
WGMMA_FLOAT(WgmmaE4E4, "m64n8k32", "e4m3", "e4m3", "")
WGMMA_FLOAT(WgmmaE5E4, "m64n8k32", "e5m2", "e4m3", "")
WGMMA_FLOAT(WgmmaE4E5, "m64n8k32", "e4m3", "e5m2", "")
WGMMA_FLOAT(WgmmaE5E5, "m64n8k32", "e5m2", "e5m2", "")
WGMMA_FLOAT(WgmmaHalf, "m64n8k16", "f16", "f16", ", 0")
WGMMA_FLOAT(WgmmaBfloat, "m64n8k16", "bf16", "bf16", ", 0")
WGMMA_FLOAT(WgmmaTf32, "m64n8k8", "tf32", "tf32", "")
WGMMA_HALF(WgmmaE4E4ToHalf, "m64n8k32", "e4m3", "e4m3", "")
WGMMA_HALF(WgmmaE5E4ToHalf, "m64n8k32", "e5m2", "e4m3", "")
WGMMA_HALF(WgmmaE5E5ToHalf, "m64n8k32", "e5m2", "e5m2", "")
WGMMA_HALF(WgmmaHalfToHalf, "m64n8k16", "f16", "f16", ", 0")

// A thread's place in the fragments of the PTX manual: row `group` and `group + 8`, columns from `member`.
struct Place {
  int warp = threadIdx.x >> 5;
  int group = (threadIdx.x & 31) >> 2;
  int member = threadIdx.x & 3;
};

template <int BYTES> __device__ void loadA(u32* a, const u8* A, int K, int row, int k) {
  Place at;
  const int perRegister = 4 / BYTES;
  for (int i = 0; i < 4; i++)
    a[i] = packRow<BYTES>(A, K, row + at.group + 8 * (i & 1), k + (at.member + 4 * (i >> 1)) * perRegister);
}

template <int BYTES> __device__ void loadB(u32* b, const u8* B, int K, int N, int k, int column) {
  Place at;
  for (int i = 0; i < 2; i++)
    b[i] = packColumn<BYTES>(B, K, N, k + (at.member + 4 * i) * (4 / BYTES), column + at.group);
}

// Eight columns of B with 32 bytes along K as two core matrices of 8 x 16 bytes, and their descriptor without swizzle.
template <int BYTES> __device__ u64 shareB(u8* shared, const u8* B, int K, int N, int k, int column) {
  __syncthreads();
  for (int i = threadIdx.x; i < 256; i += blockDim.x) {
    int along = (i >> 7) * 16 + (i & 15), n = (i >> 4) & 7, row = k + along / BYTES;
    shared[i] = row < K ? B[((size_t)row * N + column + n) * BYTES + along % BYTES] : 0;
  }
  __syncthreads();
  asm volatile("fence.proxy.async;");
  u32 address = (u32)__cvta_generic_to_shared(shared);
  return (u64)((address & 0x3ffff) >> 4) | ((u64)(128 >> 4) << 16) | ((u64)(256 >> 4) << 32);
}

// Accumulators in registers, as floats or as pairs of halves.
struct Floats {
  float d[4];
  __device__ void load(const float* C, int N, int row, int column) {
    Place at;
    for (int i = 0; i < 4; i++) d[i] = C[(row + at.group + 8 * (i >> 1)) * N + column + at.member * 2 + (i & 1)];
  }
  __device__ void store(float* D, int N, int row, int column) {
    Place at;
    for (int i = 0; i < 4; i++) D[(row + at.group + 8 * (i >> 1)) * N + column + at.member * 2 + (i & 1)] = d[i];
  }
};
struct Halves {
  u32 d[2];
  __device__ void load(const float* C, int N, int row, int column) {
    Place at;
    for (int i = 0; i < 2; i++) {
      const float* c = C + (row + at.group + 8 * i) * N + column + at.member * 2;
      __half2 pair = __floats2half2_rn(c[0], c[1]);
      d[i] = *(u32*)&pair;
    }
  }
  __device__ void store(float* D, int N, int row, int column) {
    Place at;
    for (int i = 0; i < 2; i++) {
      float* out = D + (row + at.group + 8 * i) * N + column + at.member * 2;
      __half2 pair = *(__half2*)&d[i];
      out[0] = __low2float(pair);
      out[1] = __high2float(pair);
    }
  }
};

template <class Instruction, class Accumulators, int BYTES>
__global__ void mma(const u8* A, const u8* B, const float* C, float* D, int M, int N, int K) {
  int row = blockIdx.x * 16, column = blockIdx.y * 8;
  u32 a[4], b[2];
  Accumulators sum;
  sum.load(C, N, row, column);
  for (int k = 0; k < K; k += 32 / BYTES) {
    loadA<BYTES>(a, A, K, row, k);
    loadB<BYTES>(b, B, K, N, k, column);
    Instruction::run(sum.d, a, b);
  }
  sum.store(D, N, row, column);
}

template <class Instruction, class Accumulators, int BYTES>
__global__ void wgmma(const u8* A, const u8* B, const float* C, float* D, int M, int N, int K) {
  __shared__ __align__(128) u8 shared[256];
  int row = blockIdx.x * 64 + Place().warp * 16, column = blockIdx.y * 8;
  u32 a[4];
  Accumulators sum;
  sum.load(C, N, row, column);
  for (int k = 0; k < K; k += 32 / BYTES) {
    loadA<BYTES>(a, A, K, row, k);
    u64 b = shareB<BYTES>(shared, B, K, N, k, column);
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
    Instruction::run(sum.d, a, b);
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
    asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
  }
  sum.store(D, N, row, column);
}

#define MMA(INSTRUCTION, ACCUMULATORS, BYTES) \
  mma<INSTRUCTION, ACCUMULATORS, BYTES><<<dim3(M / 16, N / 8), 32>>>(A, B, C, D, M, N, K)
#define WGMMA(INSTRUCTION, ACCUMULATORS, BYTES) \
  wgmma<INSTRUCTION, ACCUMULATORS, BYTES><<<dim3(M / 64, N / 8), 128>>>(A, B, C, D, M, N, K)

// Returns 0, -1 for an operation that does not exist, or CUDA's error.
extern "C" int run(int operation, const u8* A, const u8* B, const float* C, float* D, int M, int N, int K) {
  switch (operation) {
    case 0: MMA(MmaE4E4, Floats, 1); break;
    case 1: MMA(MmaE5E4, Floats, 1); break;
    case 2: MMA(MmaE4E5, Floats, 1); break;
    case 3: MMA(MmaE5E5, Floats, 1); break;
    case 4: MMA(MmaHalf, Floats, 2); break;
    case 5: MMA(MmaBfloat, Floats, 2); break;
    case 6: MMA(MmaTf32, Floats, 4); break;
    case 10: MMA(MmaE4E4ToHalf, Halves, 1); break;
    case 11: MMA(MmaE5E4ToHalf, Halves, 1); break;
    case 13: MMA(MmaE5E5ToHalf, Halves, 1); break;
    case 14: MMA(MmaHalfToHalf, Halves, 2); break;
    case 20: WGMMA(WgmmaE4E4, Floats, 1); break;
    case 21: WGMMA(WgmmaE5E4, Floats, 1); break;
    case 22: WGMMA(WgmmaE4E5, Floats, 1); break;
    case 23: WGMMA(WgmmaE5E5, Floats, 1); break;
    case 24: WGMMA(WgmmaHalf, Floats, 2); break;
    case 25: WGMMA(WgmmaBfloat, Floats, 2); break;
    case 26: WGMMA(WgmmaTf32, Floats, 4); break;
    case 30: WGMMA(WgmmaE4E4ToHalf, Halves, 1); break;
    case 31: WGMMA(WgmmaE5E4ToHalf, Halves, 1); break;
    case 33: WGMMA(WgmmaE5E5ToHalf, Halves, 1); break;
    case 34: WGMMA(WgmmaHalfToHalf, Halves, 2); break;
    default: return -1;
  }
  cudaError_t error = cudaDeviceSynchronize();
  if (error) printf("CUDA: %s\n", cudaGetErrorString(error));
  return error;
}
