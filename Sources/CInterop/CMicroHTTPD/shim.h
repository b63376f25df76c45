#ifndef WARDSYNC_CMICROHTTPD_SHIM_H
#define WARDSYNC_CMICROHTTPD_SHIM_H
#include <microhttpd.h>
#endif
