/**
 * What lies between a client and a port: who may call, TLS, and how strictly HTTP is read.
 *
 * <p>Who may call is decided by networks, by what proxies say about the client behind them, and by
 * GitHub's own ranges: start with {@link dev.caravan.network.Callers}, which the ingress asks
 * before it reads a body. TLS, with certificates that change while the program runs, is {@link
 * dev.caravan.network.Tls}. {@link dev.caravan.network.StrictHttp} refuses ambiguous requests, and
 * {@link dev.caravan.network.ConnectionClock} closes connections that have no request.
 */
@NullMarked
package dev.caravan.network;

import org.jspecify.annotations.NullMarked;
