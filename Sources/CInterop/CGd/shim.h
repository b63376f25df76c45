#ifndef WARDSYNC_CGD_SHIM_H
#define WARDSYNC_CGD_SHIM_H
/* Types only: libgd is opened at run time, never linked, so that no other command loads it. */
#include <dlfcn.h>
#include <gd.h>

typedef gdImagePtr (*wardsync_gd_from_bytes) (int, void *);
typedef gdImagePtr (*wardsync_gd_create) (int, int);
typedef void (*wardsync_gd_image) (gdImagePtr);
typedef void (*wardsync_gd_copy_resampled) (gdImagePtr, gdImagePtr, int, int, int, int, int, int, int, int);
typedef void (*wardsync_gd_fill) (gdImagePtr, int, int, int, int, int);
typedef gdImagePtr (*wardsync_gd_rotate) (const gdImagePtr, const float, int);
typedef void *(*wardsync_gd_jpeg) (gdImagePtr, int *, int);
typedef void (*wardsync_gd_free) (void *);
typedef void (*wardsync_gd_on_error) (gdErrorMethod);

static inline int wardsync_gd_width(gdImagePtr image) { return image->sx; }
static inline int wardsync_gd_height(gdImagePtr image) { return image->sy; }

/* Of a picture in true colours; 0 for a place outside. */
static inline int wardsync_gd_color(gdImagePtr image, int x, int y) {
    if (!image->trueColor || x < 0 || y < 0 || x >= image->sx || y >= image->sy) return 0;
    return image->tpixels[y][x] & 0xFFFFFF;
}

static inline void wardsync_gd_silent_print(int priority, const char *format, va_list arguments) {
    (void)priority;
    (void)format;
    (void)arguments;
}
static inline gdErrorMethod wardsync_gd_silent(void) { return wardsync_gd_silent_print; }
#endif
