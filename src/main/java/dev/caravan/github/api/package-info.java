/**
 * The calls of GitHub's REST API that this program makes, and no others.
 *
 * <p>{@link dev.caravan.github.api.GitHubApi} has a method for each call; {@link
 * dev.caravan.github.api.RestClient} sends it, respects GitHub's limits and retries what may be
 * retried; {@link dev.caravan.github.api.Credentials} says in whose name. Nothing here knows about
 * our deliveries, and nothing here is loaded before somebody asks GitHub something.
 */
@NullMarked
package dev.caravan.github.api;

import org.jspecify.annotations.NullMarked;
