/**
 * The secrets that deliveries are signed with: where they come from, what each may sign, and when
 * each was last of use.
 *
 * <p>{@link dev.caravan.secrets.LiveSecrets} keeps them equal to the settings, the environment and
 * the files while the program runs. For each request {@link dev.caravan.secrets.SecretsInForce}
 * gives the few that come into question; nothing is read or worked out then. No secret's value
 * leaves this package, not even into a message of an exception.
 */
@NullMarked
package dev.caravan.secrets;

import org.jspecify.annotations.NullMarked;
