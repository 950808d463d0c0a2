/* Check C functions against test vectors; nothing is needed but a C compiler.

       lemmata vectors . && cc read_vectors.c -lm && ./a.out vectors.json

   Put your own functions into MINE, under the names of the contract. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 4096 /* numbers in one array */

static double sigmoid(double x) {
    double e = exp(-fabs(x));
    return (x >= 0 ? 1 : x < 0 ? e : x) / (1 + e);
}

static double softplus(double x) {
    return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}

static const struct { const char *name; double (*call)(double); } MINE[] = {
    {"sigmoid", sigmoid}, {"softplus", softplus}, {"tanh", tanh}};

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
    static double x[MOST], low[MOST], high[MOST];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file) { fprintf(stderr, "usage: read_vectors FILE\n"); return 2; }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    char *text = calloc(size + 1, 1), *at = text, *key, *name = "", *dtype = "";
    rewind(file);
    if (fread(text, 1, size, file) != (size_t)size) return 2;
    int checked = 0, wrong = 0;
    while ((key = next(&at))) {
        if (!strcmp(key, "function")) name = next(&at);
        else if (!strcmp(key, "dtype")) dtype = next(&at);
        else if (!strcmp(key, "data")) numbers(&at, x);
        else if (!strcmp(key, "low")) numbers(&at, low);
        else if (!strcmp(key, "high")) {
            int n = numbers(&at, high);
            for (size_t f = 0; f < sizeof MINE / sizeof *MINE; f++) {
                if (strcmp(name, MINE[f].name) || strcmp(dtype, "float64")) continue;
                for (int i = 0; i < n; i++) {
                    double got = MINE[f].call(x[i]);
                    checked++;
                    if ((got >= low[i] && got <= high[i]) || (isnan(got) && isnan(low[i])))
                        continue;
                    wrong++;
                    printf("wrong: %s(%a) = %a, expected %a to %a\n", name, x[i], got,
                           low[i], high[i]);
                }
            }
        }
    }
    printf("%d results checked, %d wrong\n", checked, wrong);
    free(text);
    fclose(file);
    return wrong > 0;
}
