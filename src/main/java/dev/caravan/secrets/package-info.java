/**
 * The secrets that deliveries are signed with: where they come from, what each may sign, and when
 * each was last used.
 *
 * <p>{@link dev.caravan.secrets.LiveSecrets} keeps them in step with the settings, the environment
 * and the files while the program runs. For each request {@link dev.caravan.secrets.SecretsInForce}
 * gives the few that are possible; nothing is read at that point. A secret's value leaves this
 * package only through {@link dev.caravan.secrets.Secret#text} and {@link
 * dev.caravan.secrets.GeneratedSecret}, never in the message of an exception.
 */
@NullMarked
package dev.caravan.secrets;

import org.jspecify.annotations.NullMarked;
