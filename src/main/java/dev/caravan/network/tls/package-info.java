/**
 * TLS, with certificates that change while the program runs. Start with {@link
 * dev.caravan.network.tls.Tls}.
 */
@NullMarked
package dev.caravan.network.tls;

import org.jspecify.annotations.NullMarked;
