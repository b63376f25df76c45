#ifndef WARDSYNC_CMICROHTTPD_SHIM_H
#define WARDSYNC_CMICROHTTPD_SHIM_H
#include <microhttpd.h>
#include <stddef.h>

/* What the server asks of a daemon. MHD_start_daemon is variadic, which Swift cannot call. */
struct wardsync_mhd_config {
  int listen_socket;
  unsigned int connection_limit;
  size_t connection_memory;
  unsigned int inactivity_seconds;
  MHD_AccessHandlerCallback handle;
  MHD_NotifyConnectionCallback notify;
  MHD_RequestCompletedCallback completed;
  void *(*target) (void *context, const char *target, struct MHD_Connection *connection);
  void *context;
  /* NULL: plaintext. Both must live as long as the daemon. */
  const char *certificate_pem;
  const char *private_key_pem;
};

static inline struct MHD_Daemon *
wardsync_mhd_start (const struct wardsync_mhd_config *c)
{
  /* One thread for each connection: a handler may block in a commit without stopping another connection. */
  unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL | MHD_USE_ITC;
  struct MHD_OptionItem tls[] = {
    { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *) c->certificate_pem },
    { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *) c->private_key_pem },
    { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
    { MHD_OPTION_END, 0, NULL } };
  struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
  int secure = NULL != c->certificate_pem && NULL != c->private_key_pem;

  if (secure)
    flags |= MHD_USE_TLS;
  return MHD_start_daemon (flags, 0, NULL, NULL, c->handle, c->context,
                           MHD_OPTION_LISTEN_SOCKET, c->listen_socket,
                           MHD_OPTION_CONNECTION_LIMIT, c->connection_limit,
                           MHD_OPTION_CONNECTION_MEMORY_LIMIT, c->connection_memory,
                           MHD_OPTION_CONNECTION_TIMEOUT, c->inactivity_seconds,
                           MHD_OPTION_STRICT_FOR_CLIENT, (int) 1,
                           MHD_OPTION_NOTIFY_CONNECTION, c->notify, c->context,
                           MHD_OPTION_NOTIFY_COMPLETED, c->completed, c->context,
                           MHD_OPTION_URI_LOG_CALLBACK, c->target, c->context,
                           MHD_OPTION_ARRAY, secure ? tls : none,
                           MHD_OPTION_END);
}

static inline int
wardsync_mhd_socket (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *i = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return NULL == i ? -1 : i->connect_fd;
}

static inline const struct sockaddr *
wardsync_mhd_peer (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *i = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return NULL == i ? NULL : i->client_addr;
}

static inline size_t
wardsync_mhd_header_size (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *i = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return NULL == i ? 0 : i->header_size;
}

/* What the connection callback stored when the connection opened. */
static inline void *
wardsync_mhd_connection_context (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *i = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return NULL == i ? NULL : i->socket_context;
}
#endif
