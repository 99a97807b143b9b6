/**
 * The public port: connections, and the requests that are read from them within bounds of size,
 * time and memory, whoever sends them. Start with {@link dev.caravan.ingress.port.HookRequests}.
 */
@NullMarked
package dev.caravan.ingress.port;

import org.jspecify.annotations.NullMarked;
