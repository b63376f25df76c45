#ifndef WARDSYNC_CGNUTLS_SHIM_H
#define WARDSYNC_CGNUTLS_SHIM_H
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/* A macro of casts, which Swift cannot import. */
static inline unsigned int
wardsync_gnutls_p256_bits (void)
{
  return GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1);
}

/* A variable that holds a function, which Swift takes for shared state. */
static inline void
wardsync_gnutls_free (void *memory)
{
  gnutls_free (memory);
}
#endif
