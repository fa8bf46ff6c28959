/*
 * The arithmetic that training spends its time on, in C.
 *
 * NumPy has no fast matrix product inside a browser, and Python spends more time between the products of a small
 * network than in them. This file holds the products, everything that has to be done to a batch between two of
 * them, and a loop that trains on many batches in one call. What each function computes is written, in NumPy, under
 * the same names in nncore/ops.py, optimisers.py, losses.py and batches.py; the tests hold the two together.
 *
 * Three ideas make it fast:
 *
 *   1. Vectors. `vec` is a compiler's vector of LANES floats: one instruction computes on all of them. The type is
 *      portable, so the same source becomes WebAssembly SIMD in the browser and SSE, AVX or NEON on a desk.
 *   2. Registers. Reading memory costs more than multiplying. The inner loops keep a block of results in registers
 *      and use every number they load as often as they can.
 *   3. Zeros. Four fifths of MNIST's pixels are blank and add nothing to any sum. The first layer works on lists of
 *      the others, and does a fifth of the work.
 *
 * There is no C library here (WebAssembly has none of its own): no malloc, no exp, no printf. The caller brings all
 * memory, already checked (nncore/kernels/arrays.py). All matrices are stored row by row.
 *
 * In this order: exponential and logarithm; activations; the matrix product; images as lists; gather; distorted images;
 * pen strokes; optimisers; a network and a batch going through it; the row kept apart; training and measuring.
 */

#ifndef LANES
#define LANES 4 /* floats in a vector: 4 is what WebAssembly has */
#endif

typedef float vec __attribute__((vector_size(4 * LANES)));
typedef __PTRDIFF_TYPE__ size; /* counts and distances in memory */
typedef unsigned char byte;
typedef long long int64;

#ifdef _WIN32
#define EXPORT __declspec(dllexport) /* Python may call it */
#else
#define EXPORT __attribute__((visibility("default")))
#endif
#define INLINE static inline __attribute__((always_inline))

/* A vector from, or to, any place in memory that holds floats: `loose` promises no alignment. */
typedef float loose __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
INLINE vec load(const float *p) { return *(const loose *)p; }
INLINE void store(float *p, vec v) { *(loose *)p = v; }
INLINE vec splat(float x) { return x - (vec){0}; } /* x in every lane; "- 0" keeps the sign of -0 */

/* a * b + c. Relaxed SIMD has one instruction for it, with one rounding; on a desk the compiler finds its own. */
INLINE vec madd(vec a, vec b, vec c)
{
#ifdef __wasm_relaxed_simd__
    return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
    return a * b + c;
#endif
}

INLINE int smaller(int a, int b) { return a < b ? a : b; }

/* ---------------------------------------------------------------------------------------------------------------
 * Exponential and logarithm. Written for one number; the compiler turns the loops that call them into vectors.
 * ------------------------------------------------------------------------------------------------------------ */

INLINE int bits_of(float x) { int i; __builtin_memcpy(&i, &x, 4); return i; }
INLINE float float_of(int bits) { float x; __builtin_memcpy(&x, &bits, 4); return x; }
INLINE float absolute(float x) { return float_of(bits_of(x) & 0x7fffffff); }

/*
 * e^x for x <= 0 in two parts, e^x = scale * (1 + q), so that e^x - 1 can be had without losing the digits of a
 * small result. With n = x / ln 2 rounded to a whole number and r = x - n ln 2, e^x = 2^n e^r, where r lies within
 * +-0.35 and a polynomial does (Cephes, expf). NaN stays NaN.
 */
INLINE float exp_parts(float x, float *scale)
{
    /* Adding 1.5 * 2^23 pushes the fraction out of a float: the sum's last bits are n. Shifted left by 23 they become
     * the exponent of 2^n, and the exponent of the large number falls out at the top. */
    const float large = 12582912.0f;
    float shifted = x * 1.44269504f + large;
    float n = shifted - large;
    float power = float_of((int)((unsigned)(bits_of(shifted) + 127) << 23));
    float r = x - n * 0.693359375f; /* ln 2 in two pieces, the first short enough for an exact product */
    r = r + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r;
    /* Further down a float's exponent has no room for n: there e^x is 0. (Raising x to -88 at the start would be
     * shorter, but compilers make relaxed SIMD's maximum of it, which may lose a NaN.) */
    *scale = x < -87.5f ? 0 : power;
    return x < -87.5f ? 0 : p;
}

INLINE float exp_minus(float x) /* e^x for x <= 0 */
{
    float scale, q = exp_parts(x, &scale);
    return scale * q + scale;
}

INLINE float expm1_minus(float x) /* e^x - 1 for x <= 0 */
{
    float scale, q = exp_parts(x, &scale);
    return scale * q + (scale - 1);
}

/* The natural logarithm of x >= 1 (Cephes, logf). Infinity and NaN stay what they are. */
INLINE float log_above_1(float x)
{
    if (!(x < 3e38f)) return x;
    int exponent = (bits_of(x) >> 23) - 127;
    float m = float_of((bits_of(x) & 0x007fffff) | 0x3f800000); /* x = m * 2^exponent with 1 <= m < 2 */
    if (m > 1.41421356f) {
        m *= 0.5f;
        exponent++;
    }
    m -= 1;
    float p = 7.0376836292e-2f;
    p = p * m - 1.1514610310e-1f;
    p = p * m + 1.1676998740e-1f;
    p = p * m - 1.2420140846e-1f;
    p = p * m + 1.4249322787e-1f;
    p = p * m - 1.6668057665e-1f;
    p = p * m + 2.0000714765e-1f;
    p = p * m - 2.4999993993e-1f;
    p = p * m + 3.3333331174e-1f;
    return (float)exponent * 0.693147181f + (m + m * m * (p * m - 0.5f));
}

/* ---------------------------------------------------------------------------------------------------------------
 * Activations: of n numbers in place, and their slopes, which all of them can tell from their own result.
 * Names and numbers are those of nncore/kernels/library.py.
 * ------------------------------------------------------------------------------------------------------------ */

enum { SIGMOID, BIPOLAR_SIGMOID, TANH, RELU, LEAKY_RELU, ELU, IDENTITY, SOFTMAX };
#define LEAK 0.01f

INLINE float sigmoid(float z)
{
    float e = exp_minus(-absolute(z)); /* never above 1, whatever z */
    return (z < 0 ? e : 1) / (1 + e);
}

INLINE float hyperbolic_tangent(float z)
{
    float e = expm1_minus(-2 * absolute(z)); /* e^(-2|z|) - 1; then tanh |z| = -e / (e + 2) */
    float positive = -e / (e + 2);
    return z < 0 ? -positive : positive;
}

static void activate(int kind, size n, float *z)
{
    switch (kind) {
    case SIGMOID:
        for (size i = 0; i < n; i++) z[i] = sigmoid(z[i]);
        break;
    case BIPOLAR_SIGMOID: /* 2 / (1 + e^-z) - 1 */
        for (size i = 0; i < n; i++) z[i] = hyperbolic_tangent(z[i] / 2);
        break;
    case TANH:
        for (size i = 0; i < n; i++) z[i] = hyperbolic_tangent(z[i]);
        break;
    case RELU: /* asked this way round, NaN stays NaN */
        for (size i = 0; i < n; i++) z[i] = z[i] < 0 ? 0 : z[i];
        break;
    case LEAKY_RELU:
        for (size i = 0; i < n; i++) z[i] = z[i] > 0 ? z[i] : LEAK * z[i];
        break;
    case ELU:
        for (size i = 0; i < n; i++) z[i] = z[i] > 0 ? z[i] : expm1_minus(z[i]);
        break;
    }
}

/* Softmax does not change when all of a row moves by the same amount; with its largest at 0 nothing overflows. */
static void subtract_largest(int rows, int n, float *z)
{
    for (int i = 0; i < rows; i++, z += n) {
        float largest = z[0];
        for (int j = 1; j < n; j++) largest = z[j] > largest ? z[j] : largest;
        for (int j = 0; j < n; j++) z[j] -= largest;
    }
}

/* Returns the sum. */
static float divide_by_sum(int n, float *x)
{
    float sum = 0;
    for (int j = 0; j < n; j++) sum += x[j];
    for (int j = 0; j < n; j++) x[j] /= sum;
    return sum;
}

/* The activation of a last layer, which may be softmax: e^z divided by their sum, in each of the rows. */
EXPORT void activate_last(int kind, int rows, int n, float *z)
{
    if (kind != SOFTMAX) {
        activate(kind, (size)rows * n, z);
        return;
    }
    subtract_largest(rows, n, z);
    for (size i = 0; i < (size)rows * n; i++) z[i] = exp_minus(z[i]);
    for (int i = 0; i < rows; i++) divide_by_sum(n, z + (size)i * n);
}

/* deltas = errors times the activation's slope, told from its values. Errors and deltas may be the same memory. */
static void multiply_by_slope(int kind, size n, const float *values, const float *errors, float *deltas)
{
    switch (kind) {
    case SIGMOID:
        for (size i = 0; i < n; i++) deltas[i] = errors[i] * (values[i] * (1 - values[i]));
        break;
    case BIPOLAR_SIGMOID:
        for (size i = 0; i < n; i++) deltas[i] = errors[i] * ((1 - values[i] * values[i]) * 0.5f);
        break;
    case TANH:
        for (size i = 0; i < n; i++) deltas[i] = errors[i] * (1 - values[i] * values[i]);
        break;
    case RELU: /* slope 0 at 0 */
        for (size i = 0; i < n; i++) deltas[i] = errors[i] * (values[i] > 0 ? 1.0f : 0.0f);
        break;
    case LEAKY_RELU:
        for (size i = 0; i < n; i++) deltas[i] = errors[i] * (values[i] > 0 ? 1.0f : LEAK);
        break;
    case ELU:
        for (size i = 0; i < n; i++) deltas[i] = errors[i] * (values[i] > 0 ? 1.0f : values[i] + 1);
        break;
    case IDENTITY:
        for (size i = 0; i < n; i++) deltas[i] = errors[i];
        break;
    }
}

/* ---------------------------------------------------------------------------------------------------------------
 * Matrix product: C = alpha A B + beta C.
 * ------------------------------------------------------------------------------------------------------------ */

enum {
    ROWS = 4,          /* A block of C this large is summed up in registers: ROWS * 2 vectors, */
    PANEL = 2 * LANES, /* which leaves room in WebAssembly's sixteen for a panel row of B and a number of A. */
    DEPTH = 256        /* Rows of a panel of B that stay in the fastest cache while all of A goes by. */
};

/* One block: `rows` x `width` numbers of C, with `depth` steps of the sum. `rows` is known when this is compiled. */
INLINE void product_block(const int rows, int width, int depth, float alpha, const float *a, size a_row, size a_column,
                          const float *b, size b_row, float beta, float *c, size c_row)
{
    vec sum[ROWS][2];
    for (int r = 0; r < rows; r++) sum[r][0] = sum[r][1] = splat(0);
    for (int k = 0; k < depth; k++, a += a_column, b += b_row) {
        vec left = load(b), right = load(b + LANES);
        for (int r = 0; r < rows; r++) {
            vec x = splat(a[r * a_row]);
            sum[r][0] = madd(x, left, sum[r][0]);
            sum[r][1] = madd(x, right, sum[r][1]);
        }
    }
    for (int r = 0; r < rows; r++, c += c_row) {
        vec left = alpha * sum[r][0], right = alpha * sum[r][1];
        if (width == PANEL) {
            if (beta != 0) {
                left = madd(splat(beta), load(c), left);
                right = madd(splat(beta), load(c + LANES), right);
            }
            store(c, left);
            store(c + LANES, right);
        } else
            for (int j = 0; j < width; j++) {
                float s = j < LANES ? left[j] : right[j - LANES];
                c[j] = beta != 0 ? beta * c[j] + s : s;
            }
    }
}

/*
 * C (m x n) = alpha A (m x k) B (k x n) + beta C. A's numbers lie a_row floats apart down a column and a_column apart
 * along a row, B's likewise; exchange the two for a transposed matrix. C's rows are whole, c_row floats apart. With
 * beta = 0 C is not read, so that it may hold anything.
 *
 * C is made in panels of a few columns. Where the columns of B do not lie side by side, or are too few for whole
 * vectors, the panel is first copied to a place where they do and are: the block above need not know.
 */
EXPORT void gemm(int m, int n, int k, float alpha, const float *a, size a_row, size a_column, const float *b,
                 size b_row, size b_column, float beta, float *c, size c_row)
{
    float copy[DEPTH * PANEL];
    int done = 0;
    do {
        int depth = smaller(k - done, DEPTH);
        for (int j = 0; j < n; j += PANEL) {
            int width = smaller(n - j, PANEL);
            const float *panel = b + done * b_row + j * b_column;
            size panel_row = b_row;
            if (b_column != 1 || width < PANEL) {
                for (int row = 0; row < depth; row++)
                    for (int i = 0; i < PANEL; i++)
                        copy[row * PANEL + i] = i < width ? panel[row * b_row + i * b_column] : 0;
                panel = copy;
                panel_row = PANEL;
            }
            const float *rows = a + done * a_column;
            float *out = c + j;
            int i = 0;
            for (; i + ROWS <= m; i += ROWS)
                product_block(ROWS, width, depth, alpha, rows + i * a_row, a_row, a_column, panel, panel_row, beta,
                              out + i * c_row, c_row);
            for (; i < m; i++)
                product_block(1, width, depth, alpha, rows + i * a_row, a_row, a_column, panel, panel_row, beta,
                              out + i * c_row, c_row);
        }
        beta = 1; /* what is still to come adds to what is there */
        done += DEPTH;
    } while (done < k); /* once even for k = 0: the sum is 0, and C becomes beta C */
}

/* ---------------------------------------------------------------------------------------------------------------
 * Images that are mostly zeros.
 * ------------------------------------------------------------------------------------------------------------ */

/*
 * A data set without its zeros: of each image, the pixels that are not 0 and what is in them. The entries of image i
 * are those from start[i] to before start[i + 1]. Made once, it spares looking for them in every epoch.
 */
typedef struct {
    const int *start;
    const unsigned short *pixel;
    const byte *ink;
} Packed;

/* start[0] to start[images], for images of `inputs` pixels. */
EXPORT void count_ink(int images, int inputs, const byte *restrict pixels, int *restrict start)
{
    start[0] = 0;
    for (int i = 0; i < images; i++, pixels += inputs) {
        int n = 0;
        for (int p = 0; p < inputs; p++) n += pixels[p] != 0;
        start[i + 1] = start[i] + n;
    }
}

/* The entries themselves: room for one more than count_ink counted. */
EXPORT void pack(int images, int inputs, const byte *restrict pixels, unsigned short *restrict pixel,
                 byte *restrict ink)
{
    for (int i = 0; i < images; i++, pixels += inputs)
        for (int p = 0; p < inputs; p += 8) {
            int end = smaller(p + 8, inputs);
            int64 eight = 1;
            if (end == p + 8) __builtin_memcpy(&eight, pixels + p, 8);
            if (eight == 0) continue; /* all blank, as most are */
            for (int q = p; q < end; q++) {
                /* Write every pixel, move on only if it counts: no `if`, hence no branch to be guessed wrong. */
                *pixel = (unsigned short)q;
                *ink = pixels[q];
                int counts = pixels[q] != 0;
                pixel += counts;
                ink += counts;
            }
        }
}

/*
 * A batch, listed twice: image by image for the forward pass, where the images' values weigh rows of W, and pixel by
 * pixel for the update, where a row of W gets what all images have to say about its pixel. Starts as in Packed.
 */
typedef struct {
    int images, inputs;
    int *image_start, *pixel; /* images + 1 starts; the pixel of every entry ... */
    float *value;             /* ... and its value */
    float *total;             /* the values of every image, added up */
    int *pixel_start, *image; /* inputs + 2 starts; the image of every entry ... */
    float *value_again;       /* ... and its value */
} Lists;

/*
 * Memory is slow to answer but answers many questions at once: ask for every line of these images' entries before
 * using any. (A line of the cache is 64 bytes.) The sum is of no use; without one, compilers would see through it.
 */
static int ask_for(const Packed *packed, const int64 *order, int images)
{
    int sum = 0;
    for (int i = 0; i < images; i++) {
        int start = packed->start[order[i]], end = packed->start[order[i] + 1];
        for (int e = start; e < end; e += 32) sum += packed->pixel[e];
        for (int e = start; e < end; e += 64) sum += packed->ink[e];
    }
    return sum;
}

/* List images order[0], order[1], ..., their ink multiplied by `scale`. */
static void list_by_image(Lists *lists, const Packed *packed, const int64 *order, float scale)
{
    int n = 0;
    for (int i = 0; i < lists->images; i++) {
        int start = packed->start[order[i]], entries = packed->start[order[i] + 1] - start, total = 0;
        const unsigned short *restrict from = packed->pixel + start;
        const byte *restrict ink = packed->ink + start;
        int *restrict pixel = lists->pixel + n;
        float *restrict value = lists->value + n;
        for (int e = 0; e < entries; e++) {
            pixel[e] = from[e];
            value[e] = (float)ink[e] * scale;
            total += ink[e];
        }
        lists->image_start[i] = n;
        lists->total[i] = (float)total * scale;
        n += entries;
    }
    lists->image_start[lists->images] = n;
}

/* The same entries pixel by pixel: a counting sort. */
static void list_by_pixel(Lists *lists)
{
    int *start = lists->pixel_start, entries = lists->image_start[lists->images];
    /* Count each pixel two places further on, and add up: start[p + 1] is where the entries of p begin. Filing an
     * entry moves it on by one; in the end start[p + 1] is where those of p end, and those of p + 1 begin. */
    for (int p = 0; p < lists->inputs + 2; p++) start[p] = 0;
    for (int e = 0; e < entries; e++) start[lists->pixel[e] + 2]++;
    for (int p = 2; p < lists->inputs + 2; p++) start[p] += start[p - 1];
    for (int i = 0; i < lists->images; i++)
        for (int e = lists->image_start[i]; e < lists->image_start[i + 1]; e++) {
            int place = start[lists->pixel[e] + 1]++;
            lists->image[place] = i;
            lists->value_again[place] = lists->value[e];
        }
}

/*
 * out = alpha sum(value[e] * row index[e] of the matrix) + beta out + extra, for `vectors` vectors of columns, all in
 * registers. The last vector ends with the last column, and so may overlap the one before: the same numbers are
 * worked out twice instead of reading past the row's end. Without an index the rows are taken in turn. `extra` may be
 * null; with beta = 0 `out` is not read.
 */
enum { WIDEST = 10 }; /* ten sums, a value and a row's vector: nearly all of the sixteen registers */

INLINE void sum_columns(const int vectors, int last, int entries, const int *index, const float *value,
                        const float *matrix, size row, float alpha, float beta, const float *extra, float *out)
{
    vec sum[WIDEST];
#define COLUMN(v) ((v) < vectors - 1 ? (v) * LANES : last)
    for (int v = 0; v < vectors; v++) sum[v] = splat(0);
    for (int e = 0; e < entries; e++) {
        vec x = splat(value[e]);
        const float *from = matrix + (index ? index[e] : e) * row;
        for (int v = 0; v < vectors; v++) sum[v] = madd(x, load(from + COLUMN(v)), sum[v]);
    }
    for (int v = 0; v < vectors; v++) {
        sum[v] = alpha * sum[v];
        if (beta != 0) sum[v] = madd(splat(beta), load(out + COLUMN(v)), sum[v]);
        if (extra) sum[v] = sum[v] + load(extra + COLUMN(v));
    }
    for (int v = 0; v < vectors; v++) store(out + COLUMN(v), sum[v]); /* only now: vectors may overlap */
#undef COLUMN
}

/* The same for `width` columns, at most WIDEST vectors of them. Compilers must know how many registers to use. */
static void sum_rows(int width, int entries, const int *index, const float *value, const float *matrix, size row,
                     float alpha, float beta, const float *extra, float *out)
{
    if (width < LANES) { /* too narrow for any vector */
        for (int j = 0; j < width; j++) {
            float sum = 0;
            for (int e = 0; e < entries; e++) sum += value[e] * matrix[(index ? index[e] : e) * row + j];
            out[j] = alpha * sum + (beta != 0 ? beta * out[j] : 0) + (extra ? extra[j] : 0);
        }
        return;
    }
#define CASE(v) \
    case v: sum_columns(v, width - LANES, entries, index, value, matrix, row, alpha, beta, extra, out); break;
    switch ((width + LANES - 1) / LANES) {
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10)
    }
#undef CASE
}

/* row += x * other, of n numbers */
static void add_multiple(int n, float x, const float *other, float *row)
{
    int j = 0;
    for (; j + LANES <= n; j += LANES) store(row + j, madd(splat(x), load(other + j), load(row + j)));
    for (; j < n; j++) row[j] += x * other[j];
}

/* x = factor * x, of n numbers, which are not read if the factor is 0 */
static void scale_by(float factor, size n, float *x)
{
    for (size i = 0; i < n; i++) x[i] = factor != 0 ? factor * x[i] : 0;
}

/* out (images x n) = inputs times `weights` (inputs x n) + extra in every row, in blocks of columns. */
static void forward_lists(const Lists *lists, int n, const float *weights, const float *extra, float *out)
{
    for (int j = 0; j < n; j += WIDEST * LANES) {
        int width = smaller(n - j, WIDEST * LANES);
        for (int i = 0; i < lists->images; i++) {
            int start = lists->image_start[i], entries = lists->image_start[i + 1] - start;
            sum_rows(width, entries, lists->pixel + start, lists->value + start, weights + j, n, 1, 0,
                     extra ? extra + j : 0, out + (size)i * n + j);
        }
    }
}

/* out (inputs x n) = alpha times transposed inputs times deltas (images x n) + beta out + extra in every row. */
static void update_lists(const Lists *lists, int n, float alpha, const float *deltas, float beta, const float *extra,
                         float *out)
{
    if (lists->images == 1) { /* online: the list by image says it all */
        if (beta != 1) scale_by(beta, (size)lists->inputs * n, out);
        if (extra)
            for (int p = 0; p < lists->inputs; p++) add_multiple(n, 1, extra, out + (size)p * n);
        for (int e = 0; e < lists->image_start[1]; e++)
            add_multiple(n, alpha * lists->value[e], deltas, out + (size)lists->pixel[e] * n);
        return;
    }
    for (int j = 0; j < n; j += WIDEST * LANES) {
        int width = smaller(n - j, WIDEST * LANES);
        for (int p = 0; p < lists->inputs; p++) {
            int start = lists->pixel_start[p], entries = lists->pixel_start[p + 1] - start;
            if (entries || beta != 1 || extra)
                sum_rows(width, entries, lists->image + start, lists->value_again + start, deltas + j, n, alpha, beta,
                         extra ? extra + j : 0, out + (size)p * n + j);
        }
    }
}

/* The gather of nncore/ops.py: out (images x inputs) = scale * pixels + offset. */
EXPORT void gather(int images, int inputs, const byte *pixels, const int64 *order, float scale, float offset,
                   float *out)
{
    for (int i = 0; i < images; i++) {
        const byte *restrict image = pixels + order[i] * inputs;
        float *restrict row = out + (size)i * inputs;
        for (int p = 0; p < inputs; p++) row[p] = (float)image[p] * scale + offset;
    }
}

/* Whether there is neither NaN nor infinity among n numbers: x - x is 0 for all others. */
EXPORT int is_finite(size n, const float *x)
{
    int bad = 0;
    for (size i = 0; i < n; i++) bad |= !(x[i] - x[i] == 0);
    return !bad;
}

/* ---------------------------------------------------------------------------------------------------------------
 * Distorted images: the warp of nncore/distort.py.
 * ------------------------------------------------------------------------------------------------------------ */

INLINE float within(float x, float low, float high) { return x > low ? (x < high ? x : high) : low; }

/* An image's value at (x, y), bilinearly between the four neighbours; outside the image is 0. */
INLINE float value_at(const byte *image, int height, int width, float x, float y)
{
    /* One pixel beyond the rim all is 0 already. Counted from there, cutting off the fraction rounds down. */
    x = within(x + 1, 0, (float)(width + 1));
    y = within(y + 1, 0, (float)(height + 1));
    int left = (int)x - 1, top = (int)y - 1;
    float across = x - (float)(left + 1), down = y - (float)(top + 1), level[2];
    for (int v = 0; v < 2; v++) {
        int row = top + v;
        const byte *line = image + row * width;
        float a = row >= 0 && row < height && left >= 0 && left < width ? line[left] : 0;
        float b = row >= 0 && row < height && left + 1 < width ? line[left + 1] : 0;
        level[v] = a + across * (b - a);
    }
    return level[0] + down * (level[1] - level[0]);
}

/*
 * Fetch every pixel of `out` from where its map says. matrices: 2 x 3 for every image, to (x, y) in the old image from
 * (x, y, 1) in the new, origin in the middle. field: null, or displacements of x for all images' pixels, and then
 * those of y.
 */
EXPORT void warp(int images, int height, int width, const byte *pixels, const float *matrices, const float *field,
                 byte *out)
{
    size area = (size)height * width, all = images * area, at = 0;
    float middle_x = (float)(width - 1) / 2, middle_y = (float)(height - 1) / 2;
    for (int i = 0; i < images; i++, pixels += area, matrices += 6)
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++, at++) {
                float from_x = (float)column - middle_x, from_y = (float)row - middle_y;
                float x = matrices[0] * from_x + matrices[1] * from_y + matrices[2] + middle_x;
                float y = matrices[3] * from_x + matrices[4] * from_y + matrices[5] + middle_y;
                if (field) {
                    x += field[at];
                    y += field[all + at];
                }
                out[at] = (byte)(value_at(pixels, height, width, x, y) + 0.5f); /* the cast cuts off */
            }
}

/* ---------------------------------------------------------------------------------------------------------------
 * Pen strokes as a picture, as in nncore/pen/drawing.py, whose constants these are.
 * ------------------------------------------------------------------------------------------------------------ */

enum { SIDE = 28, BOX = 20, CENTRE = 14, ROW = (SIDE + LANES - 1) / LANES * LANES /* whole vectors */ };

/* Where points go on the grid: p becomes (p - from) * scale + to. */
typedef struct {
    double from[2], scale, to[2];
} Place;

INLINE double place(const Place *at, const double *point, int axis)
{
    return (point[axis] - at->from[axis]) * at->scale + at->to[axis];
}

/* The pixel of the grid, or the first beyond its end, that x lies in; what is left of the grid counts as 0. */
INLINE int pixel_at(double x) { return x > 0 ? (x < SIDE ? (int)x : SIDE) : 0; }

/*
 * Ink the line from (x, y) to (to_x, to_y), which may be one point. A pixel's ink is told by the distance from its
 * middle to the nearest point of the line: the foot of the perpendicular, kept between the ends. NumPy cuts lines into
 * pieces, because it works on windows of one size; here the window is as large as the line.
 */
static void ink_line(double x, double y, double to_x, double to_y, float reach, float *restrict paper)
{
    int left = pixel_at((x < to_x ? x : to_x) - reach - 0.5), right = pixel_at((x < to_x ? to_x : x) + reach + 0.5);
    int top = pixel_at((y < to_y ? y : to_y) - reach - 0.5), bottom = pixel_at((y < to_y ? to_y : y) + reach + 0.5);
    float dx = (float)(to_x - x), dy = (float)(to_y - y), square = dx * dx + dy * dy;
    float share = 1 / (square > 1e-12f ? square : 1e-12f);
    left = left / LANES * LANES; /* whole vectors: beyond the line's reach they add nothing */
    right = (right + LANES - 1) / LANES * LANES;
    for (int r = top; r < bottom; r++) {
        float *restrict row = paper + r * ROW;
        float first = (float)(left + 0.5 - x), down = (float)(r + 0.5 - y);
        for (int c = left; c < right; c++) {
            float across = first + (float)(c - left);
            float along = (across * dx + down * dy) * share;
            along = along > 0 ? (along < 1 ? along : 1) : 0;
            float away_x = across - along * dx, away_y = down - along * dy;
            float ink = reach - __builtin_sqrtf(away_x * away_x + away_y * away_y);
            ink = ink < 1 ? ink : 1;
            row[c] = ink > row[c] ? ink : row[c];
        }
    }
}

/* Ink `strokes` strokes of counts[0], counts[1], ... points (x, y) on empty paper, SIDE rows of ROW. */
static void ink_strokes(int strokes, const int *counts, const double *points, const Place *at, double width,
                        float *paper)
{
    float reach = (float)(width / 2 + 0.5);
    for (int i = 0; i < SIDE * ROW; i++) paper[i] = 0;
    for (int s = 0; s < strokes; points += 2 * counts[s], s++)
        for (int i = 0; i + 1 < counts[s] || (i == 0 && counts[s] == 1); i++) {
            const double *a = points + 2 * i, *b = counts[s] == 1 ? a : a + 2; /* a tap ends where it starts */
            ink_line(place(at, a, 0), place(at, a, 1), place(at, b, 0), place(at, b, 1), reach, paper);
        }
}

static void copy_paper(const float *paper, float *image)
{
    for (int r = 0; r < SIDE; r++)
        for (int c = 0; c < SIDE; c++) image[r * SIDE + c] = paper[r * ROW + c];
}

/* `draw` of nncore/pen/drawing.py: points are on the grid already. image: SIDE x SIDE. */
EXPORT void draw(int strokes, const int *counts, const double *points, double width, float *image)
{
    const Place as_it_is = {{0, 0}, 1, {0, 0}};
    float paper[SIDE * ROW];
    ink_strokes(strokes, counts, points, &as_it_is, width, paper);
    copy_paper(paper, image);
}

/* `rasterise` of nncore/pen/drawing.py: scaled to the box, moved until the centre of mass of the ink is at CENTRE, drawn. */
EXPORT void rasterise(int strokes, const int *counts, const double *points, double width, float *image)
{
    Place at = {{0, 0}, 1, {SIDE / 2, SIDE / 2}};
    double low[2] = {0, 0}, high[2] = {0, 0}, longest = 0, largest = 0;
    float paper[SIDE * ROW];
    int all = 0;
    for (int s = 0; s < strokes; s++) all += counts[s];
    for (int axis = 0; axis < 2; axis++) {
        for (int i = 0; i < all; i++) {
            double x = points[2 * i + axis], size_of_x = x < 0 ? -x : x;
            low[axis] = i == 0 || x < low[axis] ? x : low[axis];
            high[axis] = i == 0 || x > high[axis] ? x : high[axis];
            largest = size_of_x > largest ? size_of_x : largest;
        }
        at.from[axis] = (low[axis] + high[axis]) / 2;
        longest = high[axis] - low[axis] > longest ? high[axis] - low[axis] : longest;
    }
    /* An extent that is only the rounding of its coordinates is none: a dot has no size to scale. */
    if (longest > 1e-9 * largest && longest > 1e-300) at.scale = (BOX - width) / longest;
    ink_strokes(strokes, counts, points, &at, width, paper);
    double total = 0, mass[2] = {0, 0};
    for (int r = 0; r < SIDE; r++)
        for (int c = 0; c < SIDE; c++) {
            total += paper[r * ROW + c];
            mass[0] += c * (double)paper[r * ROW + c];
            mass[1] += r * (double)paper[r * ROW + c];
        }
    if (total > 0) {
        for (int axis = 0; axis < 2; axis++) at.to[axis] += CENTRE - mass[axis] / total;
        ink_strokes(strokes, counts, points, &at, width, paper);
    }
    copy_paper(paper, image);
}

/* ---------------------------------------------------------------------------------------------------------------
 * Optimisers, as in nncore/optimisers.py: n parameters p and their gradient g.
 * ------------------------------------------------------------------------------------------------------------ */

EXPORT void sgd(size n, float *restrict p, const float *restrict g, float rate)
{
    for (size i = 0; i < n; i++) p[i] -= rate * g[i];
}

EXPORT void momentum(size n, float *restrict p, const float *restrict g, float *restrict velocity, float rate,
                     float keep)
{
    for (size i = 0; i < n; i++) {
        velocity[i] = keep * velocity[i] + g[i];
        p[i] -= rate * velocity[i];
    }
}

EXPORT void nesterov(size n, float *restrict p, const float *restrict g, float *restrict velocity, float rate,
                     float keep)
{
    for (size i = 0; i < n; i++) {
        velocity[i] = keep * velocity[i] + g[i];
        p[i] -= rate * (g[i] + keep * velocity[i]);
    }
}

EXPORT void rmsprop(size n, float *restrict p, const float *restrict g, float *restrict square, float rate, float rho,
                    float fresh, float epsilon) /* fresh = 1 - rho, rounded once from a double */
{
    for (size i = 0; i < n; i++) {
        square[i] = rho * square[i] + fresh * (g[i] * g[i]);
        p[i] -= rate * g[i] / (__builtin_sqrtf(square[i]) + epsilon);
    }
}

/* unbias_first = 1 / (1 - beta1^step), already in the rate; unbias_second = 1 / sqrt(1 - beta2^step). */
EXPORT void adam(size n, float *restrict p, const float *restrict g, float *restrict first, float *restrict second,
                 float rate, float beta1, float fresh1, float beta2, float fresh2, float epsilon, float unbias_second)
{
    for (size i = 0; i < n; i++) {
        first[i] = beta1 * first[i] + fresh1 * g[i];
        second[i] = beta2 * second[i] + fresh2 * (g[i] * g[i]);
        p[i] -= rate * (first[i] / (__builtin_sqrtf(second[i]) * unbias_second + epsilon));
    }
}

/* ---------------------------------------------------------------------------------------------------------------
 * A network and a batch going through it. Names are those of nncore/network.py.
 * ------------------------------------------------------------------------------------------------------------ */

enum { HALF_SQUARED_ERROR, SQUARED_ERROR, SOFTMAX_CROSS_ENTROPY, BINARY_CROSS_ENTROPY };
enum { SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM };

typedef struct {
    int inputs, outputs; /* neurons of the layer below, and its own */
    int activation;
    float *weights, *weight_slopes; /* inputs x outputs, and the gradient by them */
    float *biases, *bias_slopes;    /* outputs; null in a network without */
    float *values;                  /* images x outputs: weighted sums at first, then what the neurons make of them */
    float *deltas;                  /* images x outputs: the loss's slope by the weighted sums */
    float *errors;                  /* what the layers above sent back: the same memory unless the rule needs both */
} Layer;

/*
 * Inputs that are never 0, like Rashid's 0.01 to 1, are a constant plus a sparse part, x = offset + s, and the lists
 * hold s alone. In the forward pass the constant adds offset * (the column sums of W) to every image's weighted sums;
 * in the update it adds one and the same row to all rows of W. That row is kept apart, in `row`, and only now and then
 * added to the rows themselves: until then the true weights are W with `row` added to each of its rows.
 */
typedef struct {
    float *row;  /* outputs of the first layer */
    float *sums; /* outputs: the columns of the true weights, added up */
    /* Between two calls W must hold the true weights, because the caller reads it. What W was before the row was added
     * for that is `kept`, so that a run cut into many calls comes to the same bits as in one. Null where every batch ends with
     * a fold. */
    float *kept;
    int is_kept; /* whether there is anything in it */
    int every;   /* fold after each batch whose number, counted from the first of all, is a multiple of this */
} Apart;

typedef struct {
    int depth;
    Layer *layers;
    Lists lists; /* room for `piece` images */
    int piece;   /* how many images are worked on at once; larger batches are taken in pieces */
    Packed images;
    int asked, sum; /* how many images' entries were asked for (see ask_for), and what came of it */
    const byte *labels;
    const float *targets; /* classes x outputs */
    float scale, offset;  /* an input is scale * ink + offset */
    Apart apart;          /* used if there is an offset */
    float *extra;         /* scratch: outputs of the first layer */
    float *losses;        /* scratch: of every image of a piece */
    int loss, raw_errors; /* raw_errors: Rashid's rule */
    int optimiser;
    float constants[3], fresh[2]; /* of the optimiser: momentum | rho, epsilon | beta1, beta2, epsilon; and 1 - each */
    float l2;
    size count; /* parameters, all in one vector; gradient and slots have its layout */
    float *parameters, *gradient, *slots[2];
} Run;

/* For library.py, which must describe the same structures. */
EXPORT int layer_size(void) { return sizeof(Layer); }
EXPORT int run_size(void) { return sizeof(Run); }

/* sums[j] = alpha * (column j of a matrix, added up) + beta * sums[j] */
static void add_up_columns(int rows, int n, float alpha, const float *matrix, float beta, float *sums)
{
    if (beta != 1) scale_by(beta, n, sums);
    for (int i = 0; i < rows; i++) add_multiple(n, alpha, matrix + (size)i * n, sums);
}

/* A hidden or output layer's weighted sums, from the values of the layer below. */
static void weighted_sums(int images, const Layer *layer)
{
    int n = layer->outputs;
    const float *below = (layer - 1)->values, *biases = layer->biases;
    if (images == 1) { /* the neurons below weigh rows of W */
        for (int j = 0; j < n; j += WIDEST * LANES)
            sum_rows(smaller(n - j, WIDEST * LANES), layer->inputs, 0, below, layer->weights + j, n, 1, 0,
                     biases ? biases + j : 0, layer->values + j);
        return;
    }
    for (int i = 0; i < images; i++)
        for (int j = 0; j < n; j++) layer->values[(size)i * n + j] = biases ? biases[j] : 0;
    gemm(images, n, layer->inputs, 1, below, layer->inputs, 1, layer->weights, n, 1, 1, layer->values, n);
}

/* The errors of the layer below: this layer's, sent back through its weights. */
static void send_back(int images, const Layer *layer)
{
    int n = layer->outputs, below = layer->inputs;
    float *errors = (layer - 1)->errors;
    if (images == 1) /* a column, to have whole rows of W in the inner loop */
        gemm(below, 1, n, 1, layer->weights, n, 1, layer->errors, 1, 1, 0, errors, 1);
    else
        gemm(images, below, n, 1, layer->errors, n, 1, layer->weights, 1, n, 0, errors, below);
}

/* target = beta * target + alpha * (the slope by this layer's weights) */
static void add_slope(int images, const Layer *layer, float alpha, float beta, float *target)
{
    int n = layer->outputs, below = layer->inputs;
    const float *values = (layer - 1)->values;
    if (images == 1) {
        if (beta != 1) scale_by(beta, (size)below * n, target);
        for (int i = 0; i < below; i++) add_multiple(n, alpha * values[i], layer->deltas, target + (size)i * n);
    } else
        gemm(below, n, images, alpha, values, 1, below, layer->deltas, n, 1, beta, target, n);
}

/* From listed inputs to the weighted sums of the last layer: hidden layers are activated, the last is not. */
static void forward(const Run *run)
{
    const Layer *first = run->layers, *last = first + run->depth - 1;
    const Lists *lists = &run->lists;
    int images = lists->images, n = first->outputs;
    const float *extra = first->biases;
    if (run->offset != 0) {
        for (int j = 0; j < n; j++) run->extra[j] = run->offset * run->apart.sums[j] + (extra ? extra[j] : 0);
        extra = run->extra;
    }
    forward_lists(lists, n, first->weights, extra, first->values);
    if (run->offset != 0)
        for (int i = 0; i < images; i++) add_multiple(n, lists->total[i], run->apart.row, first->values + (size)i * n);
    for (const Layer *layer = first; layer < last; layer++) {
        activate(layer->activation, (size)images * layer->outputs, layer->values);
        weighted_sums(images, layer + 1);
    }
}

/* multiply_by_slope for the last layer, where a softmax may be: da_i/dz_j = a_i (1{i=j} - a_j). */
static void multiply_last_by_slope(int kind, int images, int n, const float *a, const float *errors, float *deltas)
{
    if (kind != SOFTMAX) {
        multiply_by_slope(kind, (size)images * n, a, errors, deltas);
        return;
    }
    for (int i = 0; i < images; i++, a += n, errors += n, deltas += n) {
        float sum = 0;
        for (int j = 0; j < n; j++) sum += errors[j] * a[j];
        for (int j = 0; j < n; j++) deltas[j] = a[j] * (errors[j] - sum);
    }
}

/*
 * The losses of nncore/losses.py: weighted sums z (images x n) become outputs, `deltas` holds the targets and gets the
 * slope by the sums, `losses` the loss of every image.
 */
static void finish_rows(int loss, int activation, int images, int n, float *z, float *deltas, float *losses)
{
    size all = (size)images * n;
    switch (loss) {
    case SOFTMAX_CROSS_ENTROPY: /* -sum t log a, and log a is z - log(sum e^z) */
        subtract_largest(images, n, z);
        for (int i = 0; i < images; i++) {
            losses[i] = 0;
            for (int j = 0; j < n; j++) losses[i] -= deltas[(size)i * n + j] * z[(size)i * n + j];
        }
        for (size i = 0; i < all; i++) z[i] = exp_minus(z[i]);
        for (int i = 0; i < images; i++, z += n, deltas += n) {
            float total = 0;
            for (int j = 0; j < n; j++) total += deltas[j];
            losses[i] += total * log_above_1(divide_by_sum(n, z));
            for (int j = 0; j < n; j++) deltas[j] = total * z[j] - deltas[j];
        }
        break;
    case BINARY_CROSS_ENTROPY: /* log(1 + e^z) - t z */
        for (int i = 0; i < images; i++) {
            const float *sums = z + (size)i * n, *targets = deltas + (size)i * n;
            losses[i] = 0;
            for (int j = 0; j < n; j++)
                losses[i] += (sums[j] < 0 ? 0 : sums[j]) - targets[j] * sums[j] +
                             log_above_1(1 + exp_minus(-absolute(sums[j])));
        }
        activate_last(activation, images, n, z);
        for (size i = 0; i < all; i++) deltas[i] = z[i] - deltas[i];
        break;
    default: {
        float factor = loss == SQUARED_ERROR ? 2 : 1;
        activate_last(activation, images, n, z);
        for (size i = 0; i < all; i++) deltas[i] = (z[i] - deltas[i]) * factor;
        for (int i = 0; i < images; i++) {
            losses[i] = 0;
            for (int j = 0; j < n; j++) losses[i] += deltas[(size)i * n + j] * deltas[(size)i * n + j] / (2 * factor);
        }
        multiply_last_by_slope(activation, images, n, z, deltas, deltas);
    }
    }
}

/* The targets of a piece, where finish_rows wants them. */
static void copy_targets(const Run *run, const int64 *order, float *targets)
{
    int n = run->layers[run->depth - 1].outputs;
    for (int i = 0; i < run->lists.images; i++, targets += n) {
        const float *from = run->targets + (size)run->labels[order[i]] * n;
        for (int j = 0; j < n; j++) targets[j] = from[j];
    }
}

static int largest_of(int n, const float *x)
{
    int best = 0;
    for (int j = 1; j < n; j++) best = x[j] > x[best] ? j : best;
    return best;
}

/*
 * Outputs, losses and what is sent back, for all images of a piece. `share` is 1 / images of the batch: dividing the
 * small deltas spares dividing every gradient. Adds up losses and images read rightly.
 */
static void finish(const Run *run, const int64 *order, float share, double *loss, int64 *correct)
{
    const Layer *last = run->layers + run->depth - 1;
    int images = run->lists.images, n = last->outputs;
    size all = (size)images * n;
    copy_targets(run, order, last->deltas);
    finish_rows(run->loss, last->activation, images, n, last->values, last->deltas, run->losses);
    for (int i = 0; i < images; i++) {
        *loss += run->losses[i];
        *correct += largest_of(n, last->values + (size)i * n) == run->labels[order[i]];
    }
    if (run->raw_errors) {
        copy_targets(run, order, last->errors);
        for (size i = 0; i < all; i++) last->errors[i] = (last->values[i] - last->errors[i]) * share;
        multiply_last_by_slope(last->activation, images, n, last->values, last->errors, last->deltas);
    } else
        for (size i = 0; i < all; i++) last->deltas[i] *= share;
}

/* The first layer's part of `backward`. */
static void update_first(const Run *run, float alpha, float beta, int in_place)
{
    const Layer *layer = run->layers;
    const Lists *lists = &run->lists;
    const Apart *apart = &run->apart;
    int n = layer->outputs;
    float *target = in_place ? layer->weights : layer->weight_slopes;
    const float *extra = 0;
    if (run->offset != 0 && in_place) {
        add_up_columns(lists->images, n, alpha * run->offset, layer->deltas, beta, apart->row);
        scale_by(beta, n, apart->sums);
        for (int i = 0; i < lists->images; i++)
            add_multiple(n, alpha * (lists->total[i] + (float)layer->inputs * run->offset), layer->deltas + (size)i * n,
                         apart->sums);
    } else if (run->offset != 0) {
        add_up_columns(lists->images, n, alpha * run->offset, layer->deltas, 0, run->extra);
        extra = run->extra;
    }
    update_lists(lists, n, alpha, layer->deltas, beta, extra, target);
}

/*
 * From the last layer's deltas down to the inputs. Every layer's weights become beta * themselves + alpha * (their
 * slope), biases likewise with their own beta; or, if not `in_place`, their places in the gradient do.
 */
static void backward(const Run *run, float alpha, float beta, float bias_beta, int in_place)
{
    int images = run->lists.images;
    for (const Layer *layer = run->layers + run->depth - 1; layer >= run->layers; layer--) {
        if (layer > run->layers) {
            const Layer *below = layer - 1;
            send_back(images, layer);
            multiply_by_slope(below->activation, (size)images * layer->inputs, below->values, below->errors,
                              below->deltas);
            add_slope(images, layer, alpha, beta, in_place ? layer->weights : layer->weight_slopes);
        } else
            update_first(run, alpha, beta, in_place);
        if (layer->biases)
            add_up_columns(images, layer->outputs, alpha, layer->deltas, bias_beta,
                           in_place ? layer->biases : layer->bias_slopes);
    }
}

/* ---------------------------------------------------------------------------------------------------------------
 * The row kept apart (see Apart).
 * ------------------------------------------------------------------------------------------------------------ */

/* Start with a row of zeros. */
static void begin_apart(const Run *run)
{
    const Layer *layer = run->layers;
    scale_by(0, layer->outputs, run->apart.row);
    add_up_columns(layer->inputs, layer->outputs, 1, layer->weights, 0, run->apart.sums);
}

/* Add the row to all rows of the weights. */
static void fold(const Run *run)
{
    const Layer *layer = run->layers;
    for (int p = 0; p < layer->inputs; p++)
        add_multiple(layer->outputs, 1, run->apart.row, layer->weights + (size)p * layer->outputs);
    begin_apart(run); /* whose sums are free of the rounding of all the updates */
}

/* Go on where the last call was left, unless somebody has changed the weights since. */
static void resume(const Run *run)
{
    const Layer *layer = run->layers;
    const Apart *apart = &run->apart;
    int n = layer->outputs, same = apart->is_kept;
    for (int p = 0; same && p < layer->inputs; p++)
        for (int j = 0; j < n; j++)
            same &= apart->kept[(size)p * n + j] + apart->row[j] == layer->weights[(size)p * n + j];
    if (same)
        for (size i = 0; i < (size)layer->inputs * n; i++) layer->weights[i] = apart->kept[i];
    else
        begin_apart(run);
}

/* Leave the true weights to be seen. `folded`: they are so already. */
static void suspend(Run *run, int folded)
{
    const Layer *layer = run->layers;
    Apart *apart = &run->apart;
    int n = layer->outputs;
    apart->is_kept = !folded && apart->kept;
    for (int p = 0; !folded && p < layer->inputs; p++)
        for (int j = 0; j < n; j++) {
            size i = (size)p * n + j;
            if (apart->kept) apart->kept[i] = layer->weights[i];
            layer->weights[i] = layer->weights[i] + apart->row[j];
        }
}

enum { AHEAD = 32 }; /* images to ask for in one go, at least */

/* ---------------------------------------------------------------------------------------------------------------
 * Training and measuring: the loops of nncore/batches.py.
 * ------------------------------------------------------------------------------------------------------------ */

/* One step of the optimiser, from a whole batch's gradient. */
static void optimise(const Run *run, float rate, float unbias_second)
{
    size n = run->count;
    float *p = run->parameters, *g = run->gradient, *slot = run->slots[0], *other = run->slots[1];
    const float *c = run->constants, *fresh = run->fresh;
    if (run->l2 != 0)
        for (const Layer *layer = run->layers; layer < run->layers + run->depth; layer++)
            for (size i = 0; i < (size)layer->inputs * layer->outputs; i++)
                layer->weight_slopes[i] += run->l2 * layer->weights[i];
    switch (run->optimiser) {
    case SGD: sgd(n, p, g, rate); break;
    case MOMENTUM: momentum(n, p, g, slot, rate, c[0]); break;
    case NESTEROV: nesterov(n, p, g, slot, rate, c[0]); break;
    case RMSPROP: rmsprop(n, p, g, slot, rate, c[0], fresh[0], c[1]); break;
    case ADAM: adam(n, p, g, slot, other, rate, c[0], fresh[0], c[1], fresh[1], c[2], unbias_second); break;
    }
}

/* List the images order[at] and following, out of `all`. */
static void list_inputs(Run *run, const int64 *order, int at, int images, int all)
{
    if (at + images > run->asked) {
        run->asked = smaller(at + (images > AHEAD ? images : AHEAD), all);
        run->sum += ask_for(&run->images, order + at, run->asked - at);
    }
    run->lists.images = images;
    list_by_image(&run->lists, &run->images, order + at, run->scale);
}

/*
 * Train on `images` images in the given order, `batch` at a time (the last batch may be smaller): online learning is a
 * batch of 1. `step` updates were made before; rates[b] and unbias[b] belong to batch b (unbias: see `adam`). Returns
 * the number of batches done, which is smaller than asked for if a loss is not finite; losses[b] is the mean loss of
 * batch b before its update and correct[b] its number of images read rightly.
 *
 * Plain gradient descent needs no gradient: the product that would be one is added to the weights right away,
 * multiplied by the rate. A batch larger than a piece does need one, to keep the weights still until its end.
 */
EXPORT int train(Run *run, int images, const int64 *order, int batch, int64 step, const float *rates,
                 const float *unbias, double *losses, int64 *correct)
{
    int b = 0, finite = 1, folded = 0;
    run->asked = 0;
    if (run->offset != 0) resume(run);
    for (int start = 0; finite && start < images; start += batch, b++) {
        int in_batch = smaller(batch, images - start), in_place = run->optimiser == SGD && in_batch <= run->piece;
        double loss = 0;
        correct[b] = 0;
        for (int done = 0; done < in_batch; done += run->piece) {
            int at = start + done, piece = smaller(run->piece, in_batch - done);
            list_inputs(run, order, at, piece, images);
            if (piece > 1) list_by_pixel(&run->lists);
            forward(run);
            finish(run, order + at, 1.0f / in_batch, &loss, &correct[b]);
            if (in_place)
                backward(run, -rates[b], 1 - rates[b] * run->l2, 1, 1);
            else
                backward(run, 1, done > 0, done > 0, 0);
        }
        if (!in_place) optimise(run, rates[b], unbias[b]);
        if (run->offset != 0) {
            folded = !in_place || (step + b + 1) % run->apart.every == 0;
            if (folded) fold(run);
        }
        losses[b] = loss / in_batch;
        finite = losses[b] - losses[b] == 0; /* not so for infinity and NaN */
    }
    if (run->offset != 0) suspend(run, folded);
    return b;
}

/*
 * Look at images without learning from them: outputs (images x outputs of the last layer) and the loss of each. The
 * last layer's deltas are scratch; of those below there need be none.
 */
EXPORT void measure(Run *run, int images, const int64 *order, float *outputs, float *losses)
{
    const Layer *last = run->layers + run->depth - 1;
    run->asked = 0;
    if (run->offset != 0) begin_apart(run);
    for (int done = 0; done < images; done += run->piece) {
        list_inputs(run, order, done, smaller(run->piece, images - done), images);
        forward(run);
        copy_targets(run, order + done, last->deltas);
        finish_rows(run->loss, last->activation, run->lists.images, last->outputs, last->values, last->deltas,
                    losses + done);
        for (int i = 0; i < run->lists.images * last->outputs; i++) *outputs++ = last->values[i];
    }
}

/* Softmax cross-entropy by itself. z (images x n): weighted sums, then outputs. deltas: targets, then slopes. */
EXPORT void cross_entropy(int images, int n, float *z, float *deltas, float *losses)
{
    finish_rows(SOFTMAX_CROSS_ENTROPY, SOFTMAX, images, n, z, deltas, losses);
}
