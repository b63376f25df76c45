#ifndef WARDSYNC_CSODIUM_SHIM_H
#define WARDSYNC_CSODIUM_SHIM_H
#include <sodium.h>
#endif
