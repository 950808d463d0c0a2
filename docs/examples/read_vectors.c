/* Check C functions against test vectors; nothing is needed but a C compiler.

       lemmata vectors . && cc read_vectors.c -lm && ./a.out vectors.json

   Put your own functions into MINE, under the names of the contract; `walk` takes
   the steps of an optimizer. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 4096 /* numbers in one array */
#define FEW 8     /* arrays of one vector */

static double sigmoid(double x) {
    double e = exp(-fabs(x));
    return (x >= 0 ? 1 : x < 0 ? e : x) / (1 + e);
}

static double softplus(double x) {
    return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}

static const struct { const char *name; double (*call)(double); } MINE[] = {
    {"sigmoid", sigmoid}, {"softplus", softplus}, {"tanh", tanh}};

/* Adam: settings that a vector does not give are these. */
static const char *SETTINGS[] = {"beta1", "beta2", "eps"};
static const double DEFAULTS[] = {0.9, 0.999, 1e-8};

static void walk(const double *start, const double *gradients, const double *rates,
                 const double *setting, int steps, int width, double *path) {
    double beta1 = setting[0], beta2 = setting[1], eps = setting[2];
    for (int k = 0; k < width; k++) {
        double x = start[k], m = 0, v = 0;
        for (int t = 1; t <= steps; t++) {
            double g = gradients[(t - 1) * width + k];
            m = beta1 * m + (1 - beta1) * g;
            v = beta2 * v + (1 - beta2) * g * g;
            double root = sqrt(v / (1 - pow(beta2, t))) + eps;
            x -= rates[t - 1] * m / (1 - pow(beta1, t)) / root;
            path[(t - 1) * width + k] = x;
        }
    }
}

/* Cut out the next string of the file; no string in it holds an escape. */
static char *next(char **at) {
    char *start = strchr(*at, '"'), *end = start ? strchr(start + 1, '"') : NULL;
    if (!end) return NULL;
    *end = 0;
    *at = end + 1;
    return start + 1;
}

/* Read an array of strings as numbers; strtod reads hexadecimal, inf and nan. */
static int numbers(char **at, double *out) {
    int n = 0;
    *at = strchr(*at, '[') + 1;
    while (*(*at += strspn(*at, " ,\n")) != ']' && n < MOST)
        out[n++] = strtod(next(at), NULL);
    return n;
}

int main(int argc, char **argv) {
    static double given[FEW][MOST], got[MOST], low[MOST], high[MOST];
    double setting[sizeof DEFAULTS / sizeof *DEFAULTS];
    int length[FEW], arrays = 0, checked = 0, wrong = 0, skipped = 0;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file) { fprintf(stderr, "usage: read_vectors FILE\n"); return 2; }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    char *text = calloc(size + 1, 1), *at = text, *key, *name = "", *dtype = "";
    rewind(file);
    if (fread(text, 1, size, file) != (size_t)size) return 2;
    while ((key = next(&at))) {
        for (size_t s = 0; s < sizeof SETTINGS / sizeof *SETTINGS; s++)
            if (!strcmp(key, SETTINGS[s])) setting[s] = strtod(at + 1, NULL);
        if (!strcmp(key, "function")) { /* the first key of a vector */
            name = next(&at);
            arrays = 0;
            memcpy(setting, DEFAULTS, sizeof DEFAULTS);
        } else if (!strcmp(key, "dtype")) dtype = next(&at);
        else if (!strcmp(key, "data") && arrays < FEW) {
            length[arrays] = numbers(&at, given[arrays]);
            arrays++;
        } else if (!strcmp(key, "low")) numbers(&at, low);
        else if (!strcmp(key, "high")) { /* the last */
            int n = numbers(&at, high), known = 0;
            if (strcmp(dtype, "float64")) name = "";
            for (size_t f = 0; f < sizeof MINE / sizeof *MINE; f++)
                if (!strcmp(name, MINE[f].name)) {
                    for (int i = 0; i < n; i++) got[i] = MINE[f].call(given[0][i]);
                    known = 1;
                }
            if (!strcmp(name, "adam_step")) {
                walk(given[0], given[1], given[2], setting, length[2], length[0], got);
                known = 1;
            }
            skipped += !known;
            for (int i = 0; known && i < n; i++) {
                checked++;
                if (got[i] >= low[i] && got[i] <= high[i]) continue;
                if (isnan(got[i]) && isnan(low[i])) continue;
                wrong++;
                printf("wrong: %s, result %d is %a, expected %a to %a\n", name, i,
                       got[i], low[i], high[i]);
            }
        }
    }
    printf("%d results checked, %d wrong, %d arrays skipped\n", checked, wrong, skipped);
    free(text);
    fclose(file);
    return wrong > 0;
}
