/**
 * Who may call: networks, what proxies say of the client behind them, and GitHub's own ranges.
 *
 * <p>Start with {@link dev.caravan.network.Callers}, which the ingress asks before it reads a body.
 */
@NullMarked
package dev.caravan.network;

import org.jspecify.annotations.NullMarked;
