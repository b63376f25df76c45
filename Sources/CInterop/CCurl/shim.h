#ifndef WARDSYNC_CCURL_SHIM_H
#define WARDSYNC_CCURL_SHIM_H
#include <curl/curl.h>
#include <dlfcn.h>
#endif
