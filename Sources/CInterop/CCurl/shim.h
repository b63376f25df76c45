#ifndef WARDSYNC_CCURL_SHIM_H
#define WARDSYNC_CCURL_SHIM_H
/* Types and constants only: libcurl is opened at run time, never linked, so that a local command does not load it. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>

typedef CURLcode (*wardsync_curl_variadic_setopt) (CURL *, CURLoption, ...);
typedef CURLcode (*wardsync_curl_variadic_getinfo) (CURL *, CURLINFO, ...);

/* Each takes what dlsym returned: Swift has no variadic C function pointers. */
static inline CURLcode
wardsync_curl_setopt_long (void *function, CURL *handle, CURLoption option, long value)
{
  return ((wardsync_curl_variadic_setopt) function) (handle, option, value);
}

static inline CURLcode
wardsync_curl_setopt_offset (void *function, CURL *handle, CURLoption option, curl_off_t value)
{
  return ((wardsync_curl_variadic_setopt) function) (handle, option, value);
}

/* Strings, lists, bodies and contexts. */
static inline CURLcode
wardsync_curl_setopt_pointer (void *function, CURL *handle, CURLoption option, const void *value)
{
  return ((wardsync_curl_variadic_setopt) function) (handle, option, value);
}

static inline CURLcode
wardsync_curl_setopt_write (void *function, CURL *handle, CURLoption option,
                            size_t (*callback) (char *, size_t, size_t, void *))
{
  return ((wardsync_curl_variadic_setopt) function) (handle, option, callback);
}

static inline CURLcode
wardsync_curl_setopt_progress (void *function, CURL *handle, CURLoption option,
                               int (*callback) (void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t))
{
  return ((wardsync_curl_variadic_setopt) function) (handle, option, callback);
}

static inline CURLcode
wardsync_curl_setopt_socket (void *function, CURL *handle, CURLoption option,
                             int (*callback) (void *, curl_socket_t, curlsocktype))
{
  return ((wardsync_curl_variadic_setopt) function) (handle, option, callback);
}

static inline CURLcode
wardsync_curl_getinfo_long (void *function, CURL *handle, CURLINFO info, long *value)
{
  return ((wardsync_curl_variadic_getinfo) function) (handle, info, value);
}

static inline CURLcode
wardsync_curl_getinfo_offset (void *function, CURL *handle, CURLINFO info, curl_off_t *value)
{
  return ((wardsync_curl_variadic_getinfo) function) (handle, info, value);
}

typedef CURLcode (*wardsync_curl_global_init) (long);
typedef CURL *(*wardsync_curl_easy_init) (void);
typedef CURLcode (*wardsync_curl_easy_perform) (CURL *);
typedef void (*wardsync_curl_easy_cleanup) (CURL *);
typedef void (*wardsync_curl_easy_reset) (CURL *);
typedef const char *(*wardsync_curl_easy_strerror) (CURLcode);
typedef struct curl_slist *(*wardsync_curl_slist_append) (struct curl_slist *, const char *);
typedef void (*wardsync_curl_slist_free_all) (struct curl_slist *);
#endif
