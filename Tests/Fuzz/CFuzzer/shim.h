#ifndef WARDSYNC_CFUZZER_SHIM_H
#define WARDSYNC_CFUZZER_SHIM_H
#include <stddef.h>
#include <stdint.h>

/* libFuzzer as a library: the compiler's runtime without its main function. */
int LLVMFuzzerRunDriver (int *argc, char ***argv, int (*test) (const uint8_t *data, size_t size));
#endif
