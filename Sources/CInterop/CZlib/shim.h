#ifndef WARDSYNC_CZLIB_SHIM_H
#define WARDSYNC_CZLIB_SHIM_H
/* Types only: zlib is opened at run time, never linked, so that no other command loads it. */
#include <dlfcn.h>
#include <zlib.h>

typedef uLong (*wardsync_zlib_bound) (uLong);
typedef int (*wardsync_zlib_compress) (Bytef *, uLongf *, const Bytef *, uLong);
typedef uLong (*wardsync_zlib_crc32) (uLong, const Bytef *, uInt);
#endif
