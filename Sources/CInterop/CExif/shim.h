#ifndef WARDSYNC_CEXIF_SHIM_H
#define WARDSYNC_CEXIF_SHIM_H
/* Types only: libexif is opened at run time, never linked, so that no other command loads it. */
#include <dlfcn.h>
#include <libexif/exif-data.h>

typedef ExifData *(*wardsync_exif_from_bytes) (const unsigned char *, unsigned int);
typedef void (*wardsync_exif_unref) (ExifData *);
typedef ExifByteOrder (*wardsync_exif_order) (ExifData *);
typedef ExifEntry *(*wardsync_exif_entry) (ExifContent *, ExifTag);
typedef ExifRational (*wardsync_exif_rational) (const unsigned char *, ExifByteOrder);
typedef ExifShort (*wardsync_exif_short) (const unsigned char *, ExifByteOrder);

static inline ExifContent *wardsync_exif_content(ExifData *data, int ifd) { return data->ifd[ifd]; }
#endif
