### Refusals about live sockets. The id is the error code.

upgrade_required =
    .title = WebSocket only
    .detail = This address is opened as a WebSocket (RFC 6455).
too_many_sockets =
    .title = Too many live connections
    .detail = Your account has too many live connections open; close one of them.
