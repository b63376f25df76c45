#ifndef WARDSYNC_CQRENCODE_SHIM_H
#define WARDSYNC_CQRENCODE_SHIM_H
/* Types only: libqrencode is opened at run time, never linked, so that no other command loads it. */
#include <dlfcn.h>
#include <qrencode.h>

typedef QRcode *(*wardsync_qrencode_string) (const char *, int, QRecLevel, QRencodeMode, int);
typedef void (*wardsync_qrencode_free) (QRcode *);
#endif
