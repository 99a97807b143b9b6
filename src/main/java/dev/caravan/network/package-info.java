/**
 * What lies between a client and a port: who may call, how many, and how strictly HTTP is read.
 *
 * <p>Who may call is decided by networks, by what proxies say about the client behind them, and by
 * GitHub's own ranges: start with {@link dev.caravan.network.Callers}, which the ingress asks
 * before it reads a body. {@link dev.caravan.network.StrictHttp} refuses ambiguous requests, and
 * {@link dev.caravan.network.LoopConnections} closes connections that have no request.
 */
@NullMarked
package dev.caravan.network;

import org.jspecify.annotations.NullMarked;
